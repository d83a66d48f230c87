using System.Collections.Concurrent;
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
                endpoint.Handler<CreateAccountAndContact>(context => Play(context, byConversion.GetOrAdd(context.Message.ConversionId, _ => For(context.Message.LeadId)).Account(context.Message)));
                endpoint.Handler<UndoAccountAndContact>(context => Play(context, Script(context.Message.ConversionId).UndoAccount(context.Message)));
                endpoint.Handler<LeadConverted>(context => Play(context, Script(context.Message.ConversionId).RevealAccount(context.Message)));
            });
            rabbit.ReceiveEndpoint("opportunities-stand-in", endpoint =>
            {
                endpoint.Handler<CreateOrAttachOpportunity>(context => Play(context, Script(context.Message.ConversionId).Opportunity(context.Message)));
                endpoint.Handler<UndoOpportunity>(context => Play(context, Script(context.Message.ConversionId).UndoOpportunity(context.Message)));
                endpoint.Handler<LeadConverted>(context => context.Message.OpportunityId is null
                    ? Task.CompletedTask
                    : Answer(context, Script(context.Message.ConversionId).RevealOpportunity(context.Message)));
            });
            rabbit.ReceiveEndpoint("activities-stand-in", endpoint => endpoint.Handler<LeadConverted>(context =>
                Answer(context, Script(context.Message.ConversionId).CarryOver(context.Message))));
            rabbit.ReceiveEndpoint("campaigns-stand-in", endpoint => endpoint.Handler<LeadConverted>(context =>
                Answer(context, Script(context.Message.ConversionId).MoveMemberships(context.Message))));
        });
        await bus.StartAsync();
    }

    /// <summary>Says something out of turn, as a participant; answers the message's id.</summary>
    public async Task<Guid> Say(object message)
    {
        var messageId = Guid.CreateVersion7();
        await bus!.Publish(message, message.GetType(), context => context.MessageId = messageId);
        return messageId;
    }

    public async ValueTask DisposeAsync()
    {
        if (bus is not null) await bus.StopAsync();
        if (http is not null) await http.DisposeAsync();
    }

    private Script Script(Guid conversionId) => byConversion.GetValueOrDefault(conversionId) ?? new Script();

    private Task Play<T>(ConsumeContext<T> context, object? answer) where T : class
    {
        var conversionId = (Guid)typeof(T).GetProperty("ConversionId")!.GetValue(context.Message)!;
        Script(conversionId).Heard.Enqueue(new Heard(context.Message, context.MessageId, context.CorrelationId));
        return Answer(context, answer);
    }

    /// <summary>Answers on behalf of whoever asked, as every service does.</summary>
    private static Task Answer(ConsumeContext asked, object? answer) => answer switch
    {
        null => Task.CompletedTask,
        object[] several => Task.WhenAll(several.Select(one => Answer(asked, one))),
        _ => asked.Publish(answer, answer.GetType(), context =>
        {
            foreach (var header in (string[])["leadcrm-actor", "leadcrm-operation"])
                if (asked.Headers.Get<string>(header) is { } value) context.Headers.Set(header, value);
        }),
    };
}

/// <summary>A message that a participant was sent.</summary>
internal sealed record Heard(object Message, Guid? MessageId, Guid? CorrelationId);

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
