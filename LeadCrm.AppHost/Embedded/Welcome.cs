using System.Text;
using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Servers;

namespace LeadCrm.AppHost.Embedded;

/// <summary>What somebody needs who has just started the system: where to go and how to sign in. Only on the terminal, never in a log file.</summary>
internal sealed class Welcome(DataFolder folder, Secrets secrets, IReadOnlyDictionary<string, string> urls, IReadOnlyList<IResource> model)
{
    private const string ShownFile = "shown.json";

    /// <summary>Identity's own names for them.</summary>
    private static readonly (string Email, string Role)[] SampleUsers =
    [
        ("mona.manager@example.com", "Sales Manager"), ("rita.rep@example.com", "Sales Rep"), ("rolf.rep@example.com", "Sales Rep"),
        ("mark.marketing@example.com", "Marketing"), ("vera.viewer@example.com", "Read Only"),
    ];

    public string Text()
    {
        var text = new StringBuilder().AppendLine();
        foreach (var project in model.OfType<ProjectResource>().Where(p => p.IsExternal))
        {
            text.AppendLine($"  LeadCrm         {urls[project.Name]}/   (its API: {urls[project.Name]}/developers/)");
        }

        if (urls.TryGetValue(Dashboard.Name, out var dashboard))
        {
            text.AppendLine($"  Dashboard       {dashboard}");
        }

        if (Has("sample-password"))
        {
            text.AppendLine($"  Sample sign-ins with the password  {Value("sample-password")}");
            foreach (var (email, role) in SampleUsers)
            {
                text.AppendLine($"                  {email,-28} {role}");
            }
        }

        if (Has("admin-password") && !folder.Read<List<string>>(ShownFile).Contains("admin-password"))
        {
            folder.Write(ShownFile, folder.Read<List<string>>(ShownFile).Append("admin-password"));
            text.AppendLine($"  Administrator   admin@leadcrm.local with the password  {Value("admin-password")}   (shown this once; change it)");
        }

        return text.ToString();
    }

    private bool Has(string parameter) => model.Any(r => r is ParameterResource && r.Name == parameter);

    private string Value(string parameter) => secrets.Get(parameter, () => throw new InvalidOperationException($"{parameter} has no value."));
}
