extern alias accounts;
extern alias activities;
extern alias campaigns;
extern alias capture;
extern alias leads;
extern alias opportunities;

using System.Text;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Contracts;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Capture.Contracts;
using LeadCrm.Identity.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests;

/// <summary>
/// Published messages only grow: what another service may already read must not vanish, change its type or become required. The snapshot
/// holds every member of every message; a missing line fails the test, a new optional one has to be added to the file.
/// </summary>
public sealed class Messages
{
    [Fact]
    public void Published_contracts_change_only_by_adding_optional_members()
    {
        var now = Describe(typeof(LeadChanged), typeof(AccountChanged), typeof(OpportunityChanged), typeof(ActivitiesCarriedOver), typeof(CampaignChanged), typeof(SubmissionCaptured), typeof(UserChanged));
        var known = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Messages.snapshot")).Where(line => line.Length > 0).ToHashSet();

        known.Except(now).ShouldBeEmpty("members of published messages have vanished or changed");
        var added = now.Except(known).ToList();
        added.Where(line => line.EndsWith(" required", StringComparison.Ordinal) && known.Any(k => TypeOf(k) == TypeOf(line)))
            .ShouldBeEmpty("a new member of a published message must be optional");
        added.ShouldBeEmpty("new members: add these lines to Messages.snapshot\n" + string.Join('\n', added));
    }

    [Fact]
    public void Messages_are_immutable_records_of_primitives()
    {
        foreach (var type in ContractTypes(typeof(LeadChanged), typeof(AccountChanged), typeof(OpportunityChanged), typeof(ActivitiesCarriedOver), typeof(CampaignChanged), typeof(SubmissionCaptured), typeof(UserChanged)))
        {
            type.IsSealed.ShouldBeTrue(type.FullName);
            foreach (var property in type.GetProperties().Where(p => p.CanWrite))
                property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().ShouldContain(typeof(System.Runtime.CompilerServices.IsExternalInit), $"{type.Name}.{property.Name} can be changed");
        }
    }

    private static List<Type> ContractTypes(params Type[] markers) =>
        [.. markers.SelectMany(m => m.Assembly.GetExportedTypes()).Where(t => t is { IsClass: true, IsAbstract: false }).OrderBy(t => t.FullName, StringComparer.Ordinal)];

    private static List<string> Describe(params Type[] markers) =>
        [.. ContractTypes(markers).SelectMany(type => type.GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal).Select(property =>
        {
            var required = property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: false);
            return $"{type.FullName}.{property.Name}: {Name(property.PropertyType)}{(required ? " required" : "")}";
        }))];

    /// <summary>The message that a line of the snapshot belongs to.</summary>
    private static string TypeOf(string line) => line[..line.LastIndexOf('.', line.IndexOf(':'))];

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (!type.IsGenericType) return type.FullName!;
        var text = new StringBuilder(type.Name[..type.Name.IndexOf('`')]).Append('<');
        return text.AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>').ToString();
    }
}
