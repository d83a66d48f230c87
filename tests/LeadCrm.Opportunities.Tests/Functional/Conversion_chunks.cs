using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>Conversions that come together: one message, one commit, and each is decided by itself.</summary>
[Collection(nameof(OneApp))]
public sealed class Conversion_chunks(OpportunitiesApp app) : IAsyncLifetime
{
    private TestBus _bus = null!;

    public async ValueTask InitializeAsync() => _bus = await TestBus.Connect(app.Broker, typeof(OpportunitiesAnswered), typeof(OpportunitiesRevealed), typeof(OpportunityChanged));

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task C37_one_that_is_refused_is_nothing_to_the_others()
    {
        CreateOrAttachOpportunity[] commands = [Create(), Create() with { Stage = "No such stage" }, Create()];
        await _bus.Publish(new CreateOrAttachOpportunities { Items = commands }, TestUser.Rep);
        var answer = await _bus.Next<OpportunitiesAnswered>(m => m.Ready.Any(r => r.ConversionId == commands[0].ConversionId));

        answer.Ready.Select(ready => ready.ConversionId).ShouldBe([commands[0].ConversionId, commands[2].ConversionId]);
        answer.Refused.ShouldHaveSingleItem().Violations.ShouldHaveSingleItem().Field.ShouldBe("stage");
        (await app.Database.Scalar<long>("select count(*) from platform.field_history where operation_id = $1", commands[2].ConversionId)).ShouldBe(1);
    }

    [Fact]
    public async Task C26_conversions_into_one_deal_that_are_revealed_together_tell_the_same_state_of_the_same_version()
    {
        var deal = await app.Deal();
        CreateOrAttachOpportunity[] commands = [Attach(deal) with { Amount = 9 }, Attach(deal) with { NextStep = "Visit" }];
        await _bus.Publish(new CreateOrAttachOpportunities { Items = commands }, TestUser.Rep);
        await _bus.Next<OpportunitiesAnswered>(m => m.Ready.Count == 2 && m.Ready.Any(r => r.ConversionId == commands[0].ConversionId));

        await _bus.Publish(new LeadsConverted { Items = [.. commands.Select(Converted)] }, TestUser.Rep);
        var revealed = await _bus.Next<OpportunitiesRevealed>(m => m.Items.Any(i => i.ConversionId == commands[1].ConversionId));

        revealed.Items.Count.ShouldBe(2);
        revealed.Opportunities.Select(one => one.ConversionId).ShouldBe(commands.Select(command => (Guid?)command.ConversionId));
        revealed.Opportunities.Select(one => (one.Version, one.Amount, one.PrimaryContactId)).Distinct().ShouldHaveSingleItem().Amount.ShouldBe(9);
        var version = await app.Database.Scalar<long>("select version from opportunities where id = $1", deal.Id);
        revealed.Opportunities[0].Version.ShouldBe(version);
    }

    [Fact]
    public async Task C26_what_is_told_of_one_conversion_alone_carries_its_id_though_it_came_with_others()
    {
        CreateOrAttachOpportunity[] commands = [Create(), Create()];
        await _bus.Publish(new CreateOrAttachOpportunities { Items = [commands[1]] }, TestUser.Rep);
        await _bus.Next<OpportunitiesAnswered>(m => m.Ready.Any(r => r.ConversionId == commands[1].ConversionId));

        await _bus.Publish(new LeadsConverted { Items = [Converted(commands[0]) with { OpportunityId = null }, Converted(commands[1])] }, TestUser.Rep, correlationId: Guid.CreateVersion7());
        var revealed = await _bus.Next<OpportunitiesRevealed>(m => m.Items.Any(i => i.ConversionId == commands[1].ConversionId));

        revealed.Items.Count.ShouldBe(1);
        _bus.CorrelationOf(revealed).ShouldBe(commands[1].ConversionId);
    }

    private static CreateOrAttachOpportunity Create() => new()
    {
        ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = TestUser.Rep.Id, OwnerId = TestUser.Rep.Id, OpportunityId = Guid.CreateVersion7(),
        Create = true, AccountId = Guid.CreateVersion7(), AccountIsNew = true, AccountName = "Pumps Ltd", ContactId = Guid.CreateVersion7(),
    };

    private static CreateOrAttachOpportunity Attach(Answer deal) =>
        Create() with { OpportunityId = deal.Id, Create = false, AccountId = deal["accountId"].GetGuid(), AccountIsNew = false };

    private static LeadConverted Converted(CreateOrAttachOpportunity command) => new()
    {
        ConversionId = command.ConversionId,
        Lead = new LeadState { LeadId = command.LeadId, Version = 3, LastName = "Doe", Status = "Converted", StatusCategory = "converted", OwnerId = command.OwnerId, IsConverted = true },
        AccountId = command.AccountId, AccountCreated = false, ContactId = command.ContactId, ContactCreated = true, OpportunityId = command.OpportunityId,
        OpportunityCreated = command.Create, OwnerId = command.OwnerId, ActorId = command.ActingUserId, At = DateTimeOffset.UtcNow,
    };
}
