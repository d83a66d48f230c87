using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Persistence;

public sealed class SetBatchTests : IAsyncLifetime
{
    // Triggers count statements where the database runs them, not where somebody says so.
    private const string Schema = """
        create table things (
            id uuid primary key, name varchar(100) not null, tags text[], amount numeric(19,4), at timestamp with time zone, day date, kind varchar(20) not null, document jsonb,
            done boolean not null, parent_id uuid references things, version bigint not null, name_key text generated always as (lower(name)) stored, unique (name));
        create table parts (id uuid primary key, thing_id uuid not null references things, number integer);
        create table statements (what text not null);
        create function note() returns trigger language plpgsql as $$ begin insert into statements values (tg_op || ' ' || tg_table_name); return null; end $$;
        create trigger note_things after insert or update on things for each statement execute function note();
        create trigger note_parts after insert or update on parts for each statement execute function note();
        """;

    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(await TestServers.Get(), "sets");
        await database.Execute(Schema);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Many_new_rows_are_one_statement_and_say_what_they_said()
    {
        var things = Things(200);
        await using var db = Db();
        db.AddRange(things);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await Statements()).ShouldBe(["INSERT things"]);
        (await Stored()).ShouldBe(things.Select(Thing.Describe), ignoreOrder: true);
        (await database.Scalar<string>("select min(name_key) from things where name = 'Thing 7'")).ShouldBe("thing 7");
    }

    [Fact]
    public async Task Changes_of_the_same_columns_are_one_statement_and_touch_no_other_column()
    {
        await Save(Things(50));
        await using var db = Db();
        var things = await db.Things.OrderBy(thing => thing.Name).ToListAsync(TestContext.Current.CancellationToken);
        foreach (var (thing, i) in things.Select((thing, i) => (thing, i))) (thing.Amount, thing.Version) = (thing.Amount is not { } amount ? 1 : i % 3 == 0 ? null : amount + 0.5m, thing.Version + 1);
        await database.Execute("update things set done = not done");
        await database.Execute("truncate statements");

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await Statements()).ShouldBe(["UPDATE things"]);
        foreach (var thing in things) thing.Done = !thing.Done;
        (await Stored()).ShouldBe(things.Select(Thing.Describe), ignoreOrder: true);
    }

    [Fact]
    public async Task One_row_that_somebody_else_has_changed_takes_all_back()
    {
        await Save(Things(20));
        await using var db = Db();
        var things = await db.Things.ToListAsync(TestContext.Current.CancellationToken);
        foreach (var thing in things) (thing.Kind, thing.Version) = (thing.Kind == Kind.Large ? Kind.Small : Kind.Large, thing.Version + 1);
        await database.Execute("update things set version = version + 1 where name = 'Thing 7'");

        var conflict = await Should.ThrowAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        conflict.Entries.Count.ShouldBe(20);
        (await database.Scalar<long>("select count(*) from things where version > 1")).ShouldBe(1, "only the other's change is there");
    }

    [Fact]
    public async Task Rows_that_refer_to_each_other_are_written_in_the_order_that_the_keys_ask_for()
    {
        var things = Things(40);
        for (var i = 1; i < things.Count; i++) things[i].ParentId = things[i - 1].Id;
        await using var db = Db();
        db.AddRange(things.SelectMany(thing => Enumerable.Range(0, 3).Select(n => new Part { Id = Guid.CreateVersion7(), ThingId = thing.Id, Number = n == 0 ? null : n })));
        db.AddRange(things);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await database.Scalar<long>("select count(*) from things child join things parent on parent.id = child.parent_id")).ShouldBe(39);
        (await database.Scalar<long>("select count(*) from parts p join things t on t.id = p.thing_id where (number is null) = (number is distinct from 1 and number is distinct from 2)")).ShouldBe(120);
        (await Statements()).ShouldContain("INSERT parts");
    }

    [Fact]
    public async Task Few_rows_go_with_what_is_around_them_and_many_beside_them_in_the_same_transaction()
    {
        await Save(Things(3));
        await using var db = Db();
        foreach (var thing in await db.Things.ToListAsync(TestContext.Current.CancellationToken)) thing.Done = true;
        var late = Things(30, from: 100);
        late[29].Name = late[28].Name;   // refused by the unique name
        db.AddRange(late);

        var refused = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        refused.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        refused.Entries.Count.ShouldBe(30);
        (await database.Scalar<long>("select count(*) from things")).ShouldBe(3);
        (await database.Scalar<long>("select count(*) from things where done")).ShouldBe(2, "what was written before is taken back, too");
    }

    [Fact]
    public async Task Rows_of_which_other_columns_change_are_in_other_statements()
    {
        await Save(Things(10));
        await using var db = Db();
        var things = await db.Things.OrderBy(thing => thing.Id).ToListAsync(TestContext.Current.CancellationToken);
        foreach (var thing in things.Take(5)) thing.Done = !thing.Done;
        foreach (var thing in things.Skip(5)) thing.Tags = ["changed", null];
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await Statements()).ShouldBe(["INSERT things", "UPDATE things", "UPDATE things"]);
        (await Stored()).ShouldBe(things.Select(Thing.Describe), ignoreOrder: true);
    }

    private ThingsDb Db() => new((DbContextOptions<ThingsDb>)DatabaseExtensions.Configure<ThingsDb>(new DbContextOptionsBuilder<ThingsDb>(), database.DataSource).Options);

    private async Task Save(IEnumerable<Thing> things)
    {
        await using var db = Db();
        db.AddRange(things);
        await db.SaveChangesAsync();
    }

    private async Task<List<string>> Stored()
    {
        await using var db = Db();
        return [.. (await db.Things.AsNoTracking().ToListAsync()).Select(Thing.Describe)];
    }

    private async Task<List<string>> Statements()
    {
        List<string> all = [];
        await using var command = database.DataSource.CreateCommand("select what from statements");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) all.Add(reader.GetString(0));
        return all;
    }

    /// <summary>Every column without a value somewhere, and everywhere the characters that arrays and documents are written with.</summary>
    private static List<Thing> Things(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(i => new Thing
    {
        Id = Guid.CreateVersion7(), Name = $"Thing {i}", Version = 1, Done = i % 2 == 0, Kind = (Kind)(i % 3),
        Tags = (i % 4) switch { 0 => null, 1 => [], 2 => ["a,b", "{c}", "d\"e\\f", "", "null", " g ", "h\ni", "ü'"], _ => [null, $"tag {i}"] },
        Amount = i % 5 == 0 ? null : i * 1000.0001m, At = i % 3 == 0 ? null : DateTimeOffset.UnixEpoch.AddMinutes(i), Day = i % 2 == 0 ? null : new DateOnly(2026, 1, 1).AddDays(i),
        Document = i % 6 == 0 ? null : $"{{\"n\": {i}, \"text\": \"q\\\"\\\\{{}}\"}}",
    })];

    public enum Kind { Small, Medium, Large }

    public sealed class Thing
    {
        public Guid Id { get; init; }
        public required string Name { get; set; }
        public string?[]? Tags { get; set; }
        public decimal? Amount { get; set; }
        public DateTimeOffset? At { get; set; }
        public DateOnly? Day { get; set; }
        public Kind Kind { get; set; }
        public string? Document { get; set; }
        public bool Done { get; set; }
        public Guid? ParentId { get; set; }
        public long Version { get; set; }

        public static string Describe(Thing thing) => string.Join('|', thing.Id, thing.Name, thing.Tags is null ? "none" : string.Join(';', thing.Tags.Select(tag => tag ?? "<null>")),
            thing.Amount?.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture), thing.At?.ToString("O"), thing.Day, thing.Kind, thing.Document, thing.Done, thing.ParentId, thing.Version);
    }

    public sealed class Part
    {
        public Guid Id { get; init; }
        public Guid ThingId { get; init; }
        public int? Number { get; init; }
    }

    private sealed class ThingsDb(DbContextOptions<ThingsDb> options) : DbContext(options)
    {
        public DbSet<Thing> Things => Set<Thing>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<Thing>(thing =>
            {
                thing.ToTable("things");
                thing.Property(t => t.Name).HasMaxLength(100);
                thing.Property(t => t.Amount).HasPrecision(19, 4);
                thing.Property(t => t.Kind).HasConversion<string>().HasMaxLength(20);
                thing.Property(t => t.Document).HasColumnType("jsonb");
                thing.Property(t => t.Version).IsConcurrencyToken();
                thing.Property<string>("NameKey").IsComputedBy("lower(name)");
                thing.HasOne<Thing>().WithMany().HasForeignKey(t => t.ParentId);
            });
            modelBuilder.Entity<Part>(part =>
            {
                part.ToTable("parts");
                part.HasOne<Thing>().WithMany().HasForeignKey(p => p.ThingId);
            });
        }
    }
}
