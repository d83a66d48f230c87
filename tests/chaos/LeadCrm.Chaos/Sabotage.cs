namespace LeadCrm.Chaos;

/// <summary>
/// Takes out of a running system what makes messages count once, or at all: a program that still finds nothing would prove nothing. The services themselves
/// are the same; what is gone is what they rely on in their databases.
/// </summary>
internal static class Sabotage
{
    private static readonly Dictionary<string, (string[] Databases, string Sql)> Ways = new(StringComparer.Ordinal)
    {
        // What was seen before is not known any more: a message that comes twice takes effect twice.
        ["inbox"] = (DisturbedSystem.Databases, "alter table platform.inbox drop constraint inbox_pkey"),
        // As if messages were sent beside the commit and some got lost: of twenty one is gone with its commit.
        ["outbox"] = (DisturbedSystem.Databases, """
            create function platform.lose_some() returns trigger language plpgsql as $$ begin if random() < 0.05 then delete from platform.outbox where id = new.id; end if; return null; end $$;
            create trigger lose_some after insert on platform.outbox for each row execute function platform.lose_some()
            """),
        // One request with one key, and one live conversion of a lead, are no longer a matter of the database.
        ["unique"] = (["leads-db"], "alter table platform.idempotency_keys drop constraint idempotency_keys_pkey; drop index ix_conversions_live_lead"),
    };

    public static async Task Do(DisturbedSystem system, string what)
    {
        var (databases, sql) = Ways[what];
        foreach (var database in databases)
        {
            await using var connection = await system.Connect(database);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }
    }
}
