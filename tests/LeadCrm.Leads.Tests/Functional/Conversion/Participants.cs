using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Contracts;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>
/// Plays Accounts, Opportunities, Activities and Campaigns: their checks over HTTP, their steps over the real broker. Agrees to everything unless a test has
/// written a script for the lead.
/// </summary>
internal sealed class Participants : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Script> scripts = new();
    private readonly ConcurrentDictionary<Guid, Script> byConversion = new();
    private WebApplication? http;
    private IBusControl? bus;

    /// <summary>Base address of both services' checks.</summary>
    public string Address => http!.Urls.Single();

    /// <summary>Custom fields of accounts, contacts and opportunities as their owners answer them, by id.</summary>
    public ConcurrentDictionary<Guid, JsonObject> Fields { get; } = new();

    /// <summary>What the owners were told of who relies on which fields.</summary>
    public ConcurrentQueue<JsonObject> FieldUses { get; } = new();

    /// <summary>The owners do not answer.</summary>
    public bool FieldsDown { get; set; }

    /// <summary>What a test wants to happen to a lead.</summary>
    public Script For(Guid leadId) => scripts.GetOrAdd(leadId, _ => new Script());

    public async Task Start(string broker)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        http = builder.Build();
        http.MapPost("/api/accounts/conversion-checks", async (HttpContext context, CreateAccountAndContact command) =>
        {
            var script = For(command.LeadId);
            script.Tokens.Enqueue(context.Request.Headers.Authorization.ToString());
            await script.ChecksHang.Task.WaitAsync(context.RequestAborted);
            return script.AccountsDown ? Results.StatusCode(503) : Results.Json(script.CheckAccounts(command));
        });
        http.MapPost("/api/opportunities/conversion-checks", (CreateOrAttachOpportunity command) =>
        {
            var script = For(command.LeadId);
            return script.OpportunitiesDown ? Results.StatusCode(503) : Results.Json(script.CheckOpportunity(command));
        });
        foreach (var path in (string[])["/api/accounts/conversion-checks/bulk", "/internal/accounts/conversion-checks"])
            http.MapPost(path, async (HttpContext context, CreateAccountsAndContacts commands) =>
            {
                await Task.WhenAll(commands.Items.Select(command => For(command.LeadId).ChecksHang.Task)).WaitAsync(context.RequestAborted);
                return commands.Items.Any(command => For(command.LeadId).AccountsDown)
                    ? Results.StatusCode(503)
                    : Results.Json(new AccountConversionChecks { Items = [.. commands.Items.Select(command => For(command.LeadId).CheckAccounts(command))] });
            });
        foreach (var path in (string[])["/api/opportunities/conversion-checks/bulk", "/internal/opportunities/conversion-checks"])
            http.MapPost(path, (CreateOrAttachOpportunities commands) => commands.Items.Any(command => For(command.LeadId).OpportunitiesDown)
                ? Results.StatusCode(503)
                : Results.Json(new OpportunityConversionChecks { Items = [.. commands.Items.Select(command => For(command.LeadId).CheckOpportunity(command))] }));
        http.MapPut("/internal/custom-fields/uses/{use}", (JsonObject asked) =>
        {
            if (FieldsDown) return Results.StatusCode(503);
            FieldUses.Enqueue(asked);
            var there = asked["uses"]!.AsArray().Select(use => Fields.GetValueOrDefault(use!["fieldId"]!.GetValue<Guid>())).OfType<JsonObject>();
            return Results.Json(new JsonObject { ["fields"] = new JsonArray([.. there.Select(field => field.DeepClone())]) });
        });
        await http.StartAsync();

        var address = new Uri(broker);
        bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(address.Host, (ushort)address.Port, address.AbsolutePath.TrimStart('/'), host =>
            {
                var user = address.UserInfo.Split(':');
                host.Username(user[0]);
                host.Password(Uri.UnescapeDataString(user[1]));
            });
            rabbit.ReceiveEndpoint("accounts-stand-in", endpoint =>
            {
                endpoint.Handler<CreateAccountsAndContacts>(context => Play(context, context.Message.Items, command => command.ConversionId,
                    command => byConversion.GetOrAdd(command.ConversionId, _ => For(command.LeadId)).Account(command)));
                endpoint.Handler<UndoAccountsAndContacts>(context => Play(context, context.Message.Items, command => command.ConversionId,
                    command => Script(command.ConversionId).UndoAccount(command)));
                endpoint.Handler<LeadsConverted>(context => Play(context, context.Message.Items, lead => lead.ConversionId,
                    lead => Script(lead.ConversionId).RevealAccount(lead)));
            });
            rabbit.ReceiveEndpoint("opportunities-stand-in", endpoint =>
            {
                endpoint.Handler<CreateOrAttachOpportunities>(context => Play(context, context.Message.Items, command => command.ConversionId,
                    command => byConversion.GetOrAdd(command.ConversionId, _ => For(command.LeadId)).Opportunity(command)));
                endpoint.Handler<UndoOpportunities>(context => Play(context, context.Message.Items, command => command.ConversionId,
                    command => Script(command.ConversionId).UndoOpportunity(command)));
                endpoint.Handler<LeadsConverted>(context => AnswerAll(context, context.Message.Items.Where(lead => lead.OpportunityId is not null)
                    .Select(lead => Script(lead.ConversionId).RevealOpportunity(lead))));
            });
            rabbit.ReceiveEndpoint("activities-stand-in", endpoint => endpoint.Handler<LeadsConverted>(context =>
                AnswerAll(context, context.Message.Items.Select(lead => Script(lead.ConversionId).CarryOver(lead)))));
            rabbit.ReceiveEndpoint("campaigns-stand-in", endpoint => endpoint.Handler<LeadsConverted>(context =>
                AnswerAll(context, context.Message.Items.Select(lead => Script(lead.ConversionId).MoveMemberships(lead)))));
        });
        await bus.StartAsync();
    }

    /// <summary>Says something out of turn, as a participant; answers the message's id.</summary>
    public async Task<Guid> Say(object message)
    {
        var messageId = Guid.CreateVersion7();
        var chunk = ChunkOf([message]).SingleOrDefault() ?? message;   // what is no answer goes as it is
        await bus!.Publish(chunk, chunk.GetType(), context => context.MessageId = messageId);
        return messageId;
    }

    public async ValueTask DisposeAsync()
    {
        if (bus is not null) await bus.StopAsync();
        if (http is not null) await http.DisposeAsync();
    }

    private Script Script(Guid conversionId) => byConversion.GetValueOrDefault(conversionId) ?? new Script();

    private Task Play<T>(ConsumeContext context, IReadOnlyList<T> items, Func<T, Guid> conversionId, Func<T, object?> answer) where T : class
    {
        var answers = items.Select(answer).ToList();   // which also finds out whose conversion it is
        foreach (var item in items) Script(conversionId(item)).Heard.Enqueue(new Heard(item, context.MessageId, context.CorrelationId, items.Count));
        return AnswerAll(context, answers);
    }

    /// <summary>Answers on behalf of whoever asked, as every service does: all of a kind in one message.</summary>
    private static Task AnswerAll(ConsumeContext asked, IEnumerable<object?> answers) =>
        Task.WhenAll(ChunkOf([.. answers.SelectMany(answer => answer as object[] ?? (object?[])[answer]).OfType<object>()]).Select(chunk => asked.Publish(chunk, chunk.GetType(), context =>
        {
            foreach (var header in (string[])["leadcrm-actor", "leadcrm-operation"])
                if (asked.Headers.Get<string>(header) is { } value) context.Headers.Set(header, value);
        })));

    /// <summary>The messages that carry these answers.</summary>
    private static IEnumerable<object> ChunkOf(object[] answers)
    {
        T[] All<T>() => [.. answers.OfType<T>()];
        if (answers.Any(a => a is AccountAndContactReady or AccountAndContactRefused or AccountAndContactUndone))
            yield return new AccountsAndContactsAnswered { Ready = All<AccountAndContactReady>(), Refused = All<AccountAndContactRefused>(), Undone = All<AccountAndContactUndone>() };
        if (answers.Any(a => a is OpportunityReady or OpportunityRefused or OpportunityUndone))
            yield return new OpportunitiesAnswered { Ready = All<OpportunityReady>(), Refused = All<OpportunityRefused>(), Undone = All<OpportunityUndone>() };
        if (All<AccountAndContactRevealed>() is { Length: > 0 } accounts) yield return new AccountsAndContactsRevealed { Items = accounts };
        if (All<OpportunityRevealed>() is { Length: > 0 } opportunities) yield return new OpportunitiesRevealed { Items = opportunities };
        if (All<ActivitiesCarriedOver>() is { Length: > 0 } activities) yield return new ActivitiesOfLeadsCarriedOver { Items = activities };
        if (All<MembershipsMoved>() is { Length: > 0 } memberships) yield return new MembershipsOfLeadsMoved { Items = memberships };
    }
}

/// <summary>A message that a participant was sent.</summary>
/// <param name="Message">What it says about one conversion.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="CorrelationId">Its correlation id.</param>
/// <param name="Together">How many conversions it speaks about.</param>
internal sealed record Heard(object Message, Guid? MessageId, Guid? CorrelationId, int Together);

/// <summary>How the participants answer for one lead; null means silence.</summary>
internal sealed class Script
{
    public ConcurrentQueue<Heard> Heard { get; } = new();
    public ConcurrentQueue<string> Tokens { get; } = new();

    public bool AccountsDown { get; set; }
    public bool OpportunitiesDown { get; set; }

    /// <summary>Replaced by an incomplete one, the check does not answer.</summary>
    public TaskCompletionSource ChecksHang { get; set; } = Done();

    public Func<CreateAccountAndContact, AccountConversionCheck> CheckAccounts { get; set; } =
        command => new() { Status = 200, AccountName = command.Account.Name, ContactName = command.Contact.LastName };

    public Func<CreateOrAttachOpportunity, OpportunityConversionCheck> CheckOpportunity { get; set; } = _ => new() { Status = 200 };

    public Func<CreateAccountAndContact, object?> Account { get; set; } = Ready;

    public Func<CreateOrAttachOpportunity, object?> Opportunity { get; set; } = Ready;

    public Func<UndoAccountAndContact, object?> UndoAccount { get; set; } = command => new AccountAndContactUndone { ConversionId = command.ConversionId };

    public Func<UndoOpportunity, object?> UndoOpportunity { get; set; } = command => new OpportunityUndone { ConversionId = command.ConversionId };

    public Func<LeadConverted, object?> RevealAccount { get; set; } = converted => new AccountAndContactRevealed { ConversionId = converted.ConversionId };

    public Func<LeadConverted, object?> RevealOpportunity { get; set; } = converted => new OpportunityRevealed { ConversionId = converted.ConversionId };

    public Func<LeadConverted, object?> CarryOver { get; set; } = converted => new ActivitiesCarriedOver
    {
        ConversionId = converted.ConversionId, LeadId = converted.Lead.LeadId, Activities = 3, Notes = 2, Files = 1,
    };

    public Func<LeadConverted, object?> MoveMemberships { get; set; } = converted => new MembershipsMoved
    {
        ConversionId = converted.ConversionId, LeadId = converted.Lead.LeadId, Moved = 1, Merged = 0,
    };

    public IEnumerable<Type> Messages => Heard.Select(heard => heard.Message.GetType());

    public IEnumerable<T> Of<T>() => Heard.Select(heard => heard.Message).OfType<T>();

    internal static AccountAndContactReady Ready(CreateAccountAndContact command) => new()
    {
        ConversionId = command.ConversionId, AccountId = command.AccountId, AccountName = command.Account.Name ?? "Existing", AccountCreated = command.CreateAccount,
        AccountUpdated = !command.CreateAccount, ContactId = command.ContactId, ContactName = $"{command.Contact.FirstName} {command.Contact.LastName}".Trim(),
        ContactCreated = command.CreateContact, ContactUpdated = !command.CreateContact,
        Provenance =
        [
            new() { Record = "account", Field = "name", Outcome = "set", Value = command.Account.Name },
            new() { Record = "contact", Field = "email", Outcome = "set", Value = command.Contact.Email },
        ],
    };

    internal static OpportunityReady Ready(CreateOrAttachOpportunity command) => new()
    {
        ConversionId = command.ConversionId, OpportunityId = command.OpportunityId, Name = command.Name ?? command.AccountName ?? "", Created = command.Create,
        Updated = !command.Create, Provenance = [new() { Field = "name", Outcome = "set", Value = command.Name }, new() { Field = "stage", Outcome = "default", Value = "Prospecting" }],
    };

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
