using LeadCrm.Security;

if (args is ["--help", ..])
{
    Console.WriteLine("""
        usage: LeadCrm.Security [PART ...] [options]; tests/security/probe starts a system of its own and runs all of it
        Attacks a running system on this machine and compares what happens with expected.md. Ends with 1 when something is not as declared.
          credentials   every operation with everything that is no valid token
          access        every operation as everybody, on one's own, a colleague's and another team's record
          leaks         whether anything tells of a record that one may not see
          guessing      passwords
          flood         one client at ten times its rate, and what somebody else notices of it
          sessions      forged requests from other sites, fixed sessions, signing out
          doors         what services tell only each other
        options
          --data DIR    data folder of the running system (default .leadcrm)
          --report F    also writes the page to this file
          --short       what fits into two minutes
        """);
    return 0;
}

var options = new Dictionary<string, string>(StringComparer.Ordinal);
var parts = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--short") options["--short"] = "";
    else if (args[i].StartsWith("--", StringComparison.Ordinal)) options[args[i]] = args[++i];
    else parts.Add(args[i]);
}

var report = new Report(options.GetValueOrDefault("--report"));
await new Probe(new ProbedSystem(options.GetValueOrDefault("--data", ".leadcrm")), report).Run(parts, options.ContainsKey("--short"));
return report.Findings.Count == 0 ? 0 : 1;
