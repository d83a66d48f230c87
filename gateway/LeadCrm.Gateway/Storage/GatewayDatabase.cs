using Npgsql;

namespace LeadCrm.Gateway.Storage;

/// <summary>The gateway's own database: sessions and the data-protection key ring.</summary>
internal sealed class GatewayDatabase(NpgsqlDataSource dataSource)
{
    public const string ConnectionName = "gateway-db";

    private const long SchemaLock = 0x4C656164_43726D02;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once the tables are there.</summary>
    public bool IsReady => ready.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the tables are there.</summary>
    public Task Ready(CancellationToken ct) => ready.Task.WaitAsync(ct);

    public static NpgsqlDataSource DataSource(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString(ConnectionName)
            ?? throw new InvalidOperationException($"The connection string '{ConnectionName}' is missing: set ConnectionStrings__{ConnectionName}.");
        var settings = new NpgsqlConnectionStringBuilder(text);
        // A look-up per session and 5 seconds asks for few connections; statements are few and always the same.
        if (!text.Contains("Max Auto Prepare", StringComparison.OrdinalIgnoreCase)) settings.MaxAutoPrepare = 20;
        if (!text.Contains("Maximum Pool Size", StringComparison.OrdinalIgnoreCase)) settings.MaxPoolSize = 12;
        if (!text.Contains("Timeout", StringComparison.OrdinalIgnoreCase)) settings.Timeout = settings.CommandTimeout = 5;
        // As in the services: no tickets of Kerberos, no second try without them.
        if (!text.Contains("GSS Encryption Mode", StringComparison.OrdinalIgnoreCase)) settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>Runs statements that may be repeated; repeats them once on a fresh connection when the pooled one was dead.</summary>
    public async Task<T> Run<T>(Func<NpgsqlConnection, Task<T>> statements, CancellationToken ct)
    {
        if (!IsReady) await ready.Task.WaitAsync(StartDeadline, ct);   // a request that came while the tables are being made
        try
        {
            return await Once(statements, ct);
        }
        catch (NpgsqlException ex) when (ex.IsTransient || ex.InnerException is IOException)
        {
            return await Once(statements, ct);
        }
    }

    /// <summary>Creates what is missing and then runs <paramref name="first"/>, both on one replica at a time.</summary>
    public async Task Prepare(Action first, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await Execute(connection, $"select pg_advisory_lock({SchemaLock})", ct);
        try
        {
            await Execute(connection, Script(), ct);
            first();
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({SchemaLock})", CancellationToken.None);
        }
        ready.TrySetResult();
    }

    /// <summary>For the key ring, whose interface is synchronous.</summary>
    public NpgsqlConnection Open() => dataSource.OpenConnection();

    private async Task<T> Once<T>(Func<NpgsqlConnection, Task<T>> statements, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        return await statements(connection);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(GatewayDatabase).Assembly.GetManifestResourceStream("LeadCrm.Gateway.Storage.Schema.sql")!);
        return reader.ReadToEnd();
    }
}
