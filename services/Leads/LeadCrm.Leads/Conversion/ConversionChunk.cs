using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Conversion;

/// <summary>One thing that is said to one conversion.</summary>
internal abstract record ConversionEvent(Guid ConversionId)
{
    public static ConversionEvent Of<TMessage>(Guid conversionId, Event<TMessage> @event, TMessage message) where TMessage : class =>
        new Said<TMessage>(conversionId, @event, message);

    /// <summary>The message in a list of its own, if it is of this type; otherwise nothing.</summary>
    public IReadOnlyList<TMessage> As<TMessage>() where TMessage : class => this is Said<TMessage> said ? [said.Message] : [];

    public abstract Task Raise(ConversionStateMachine machine, LeadsDb db, ConsumeContext context, ConversionState conversion);

    private sealed record Said<TMessage>(Guid ConversionId, Event<TMessage> Event, TMessage Message) : ConversionEvent(ConversionId) where TMessage : class
    {
        // The saga's row is loaded already and saved by the inbox, so MassTransit's repository has nothing to add: its last filter is called as the repository would.
        public override async Task Raise(ConversionStateMachine machine, LeadsDb db, ConsumeContext context, ConversionState conversion)
        {
            var saga = await new SagaConsumeContextFactory<LeadsDb, ConversionState>().CreateSagaConsumeContext(
                db, new MessageConsumeContext<TMessage>(context, Message), conversion, SagaConsumeContextMode.Load);
            await new StateMachineSagaMessageFilter<ConversionState, TMessage>(machine, Event).Send(saga, MassTransit.Pipe.Empty<SagaConsumeContext<ConversionState, TMessage>>());
        }
    }
}

/// <summary>Conversions that one message speaks to, in the message's transaction.</summary>
internal sealed class ConversionChunk(LeadsDb db, ConversionStateMachine machine, IConversionEffects effects, ConversionMail mail, IDirectory directory)
{
    /// <summary>Lets each conversion answer what is said to it. Those that are not, or no longer, known stay silent.</summary>
    public async Task Raise(ConsumeContext context, IReadOnlyList<ConversionEvent> events)
    {
        var ct = context.CancellationToken;
        Guid[] ids = [.. events.Select(said => said.ConversionId).Distinct()];
        // In the order of their ids, so that two messages to the same conversions come one after the other instead of dying of it.
        var conversions = await db.Set<ConversionState>().FromSql($"select * from conversions where id = any({ids}) order by id for update").ToDictionaryAsync(c => c.CorrelationId, ct);
        effects.Together(conversions.Values);
        foreach (var said in events)
        {
            if (!conversions.TryGetValue(said.ConversionId, out var conversion)) continue;
            using var acting = Actor.Use(directory.ActorOf(conversion.ActingUserId, conversion.CorrelationId));
            await said.Raise(machine, db, context, conversion);
        }
        await mail.Send(context.CorrelationId, ct);
    }
}
