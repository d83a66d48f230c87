using LeadCrm.ServiceDefaults.Tests.Messaging;
using LeadCrm.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Persistence;

public sealed class StartupTests
{
    [Fact]
    public async Task A_copy_that_starts_waits_for_no_table_that_others_are_working_with()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var first = await TestService.Start(ground);
        await using var connection = new NpgsqlConnection(ground.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var work = new NpgsqlCommand("""
            lock table platform.idempotency_keys, platform.field_history, platform.outbox, platform.inbox, platform.parked_messages, platform.directory_users in row exclusive mode
            """, connection, transaction);
        await work.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var second = await TestService.Start(ground);   // throws when it is not ready in time

        (await first.Scalar<long>("select count(*) from platform.applied_scripts")).ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_script_that_is_another_one_now_is_applied_and_gives_way_to_work_that_holds_its_tables()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var first = await TestService.Start(ground);
        await first.Execute("update platform.applied_scripts set hash = 'of the version before'; drop index platform.idempotency_keys_created");
        var connection = new NpgsqlConnection(ground.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var work = new NpgsqlCommand("begin; lock table platform.idempotency_keys in row exclusive mode", connection);
        await work.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var starting = TestService.Start(ground);
        await Task.Delay(TimeSpan.FromSeconds(3));   // longer than PostgreSQL waits before it looks for a deadlock
        starting.IsCompleted.ShouldBeFalse();
        await using (var more = new NpgsqlCommand("insert into platform.idempotency_keys (caller, route, key, body_hash) values (gen_random_uuid(), 'r', 'k', ''); commit", connection))
            await more.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await connection.DisposeAsync();

        await using var second = await starting;
        (await second.Scalar<long>("select count(*) from platform.applied_scripts where hash = 'of the version before'")).ShouldBe(0);
        (await second.Scalar<long>("select count(*) from pg_indexes where indexname = 'idempotency_keys_created'")).ShouldBe(1);
    }
}
