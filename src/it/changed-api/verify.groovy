// It was the third comparison that failed, for the class that was taken away.
String log = new File(basedir, 'build.log').text
assert log =~ /(?s)cmp \(same\).*cmp \(inner-class-lost\).*cmp \(api-class-lost\)/
assert log.contains('goal com.github.siom79.japicmp')
assert log =~ /\(api-class-lost\) on project changed-api: .*io\.triad\.net\.Net/
