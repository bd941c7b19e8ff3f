// One message from each of the two virtual machines, which names the jar of this system.
String log = new File(basedir, 'build.log').text
String system = System.getProperty('os.name').toLowerCase(Locale.ROOT)
String name = system.startsWith('mac') ? 'osx' : system.startsWith('windows') ? 'windows' : 'linux'
String machine = System.getProperty('os.arch') == 'aarch64' ? 'aarch_64' : 'x86_64'
assert log.count('EngineUnavailableException: ') == 2
assert log.count("has the classifier ${name}-${machine}") == 2
assert !log.contains('Caused by:')
assert !log.contains('echoed')
