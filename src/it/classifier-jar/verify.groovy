// Both ways, each without a warning of the virtual machine.
String log = new File(basedir, 'build.log').text
assert log.contains('echoed over loopback, by class path')
assert log.contains('echoed over loopback, by module path')
assert !log.contains('WARNING:')
