using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using MassTransit;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// What the sagas of one transaction say, sent as one message of each kind: conversions that go together pay for one message, not for one each.
/// </summary>
internal sealed class ConversionMail(IPublishEndpoint publish, IDirectory directory)
{
    private readonly List<(ConversionState Conversion, object Message)> letters = [];

    /// <summary>Takes a message of a conversion.</summary>
    public void Add(ConversionState conversion, object message) => letters.Add((conversion, message));

    /// <summary>Puts what was taken into the outbox.</summary>
    /// <param name="chunk">What chunks are called that hold more than one conversion: the correlation id of their messages.</param>
    /// <param name="ct">Ends it.</param>
    public async Task Send(Guid? chunk, CancellationToken ct)
    {
        if (letters.Count == 0) return;
        var together = chunk ?? Guid.CreateVersion7();
        await Send<CreateAccountAndContact, CreateAccountsAndContacts>(items => new() { Items = items }, together, ct);
        await Send<CreateOrAttachOpportunity, CreateOrAttachOpportunities>(items => new() { Items = items }, together, ct);
        await Send<LeadConverted, LeadsConverted>(items => new() { Items = items }, together, ct);
        await Send<UndoOpportunity, UndoOpportunities>(items => new() { Items = items }, together, ct);
        await Send<UndoAccountAndContact, UndoAccountsAndContacts>(items => new() { Items = items }, together, ct);
        letters.Clear();
    }

    private async Task Send<TMessage, TChunk>(Func<IReadOnlyList<TMessage>, TChunk> chunkOf, Guid together, CancellationToken ct) where TChunk : class
    {
        var mine = letters.Where(letter => letter.Message is TMessage).ToList();
        if (mine.Count == 0) return;
        var operation = mine.Count == 1 ? mine[0].Conversion.CorrelationId : together;
        var users = mine.Select(letter => letter.Conversion.ActingUserId).Distinct().ToList();
        // On behalf of whoever converts; each item names its own user, and a message of several users names none.
        using var acting = Actor.Use(users.Count == 1 ? directory.ActorOf(users[0], operation) : Actor.System.For(operation));
        await publish.Tell(operation, chunkOf([.. mine.Select(letter => (TMessage)letter.Message)]), ct);
    }
}

/// <summary>Who acts when a conversion goes on by itself.</summary>
internal static class ConversionActors
{
    /// <summary>The user who began it, with the permissions of now, on behalf of the conversion.</summary>
    public static Actor ActorOf(this IDirectory directory, Guid userId, Guid operationId)
    {
        var user = directory.FindUser(userId);
        return new Actor
        {
            UserId = userId, Name = user?.Name ?? "", OperationId = operationId,
            Permissions = user is { IsActive: true } ? user.Permissions : new HashSet<string>(),
        };
    }
}
