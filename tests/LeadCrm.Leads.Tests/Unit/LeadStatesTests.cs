using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Leads;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class LeadStatesTests
{
    /// <summary>Where the state has something under another name than the lead.</summary>
    private static readonly Dictionary<string, string> Sources = new()
    {
        [nameof(LeadState.Status)] = nameof(Lead.StatusId), [nameof(LeadState.StatusCategory)] = nameof(Lead.StatusId),
        [nameof(LeadState.IsDeleted)] = nameof(Lead.DeletedAt), [nameof(LeadState.IsConverted)] = nameof(Lead.Conversion),
    };

    [Fact]
    public void Whatever_the_state_tells_is_news_when_it_changes()
    {
        var told = typeof(LeadState).GetProperties().Select(property => property.Name)
            .Except([nameof(LeadState.LeadId), nameof(LeadState.Version)]).Select(name => Sources.GetValueOrDefault(name, name)).Distinct();

        told.ShouldBe(LeadStates.Told, ignoreOrder: true);
        LeadStates.Told.ShouldAllBe(name => typeof(Lead).GetProperty(name) != null);
    }
}
