using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.Load;

/// <summary>
/// The least that any service on this machine must do: an empty answer, one row by its key, a page of fifty. What ours do beyond that is what
/// they cost.
/// </summary>
internal static class Bare
{
    public static async Task Run(string url, string leadsDatabase)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        await using var data = new NpgsqlDataSourceBuilder(leadsDatabase + ";Max Auto Prepare=20;Maximum Pool Size=20;Pooling=true").Build();

        app.MapGet("/api/bare/empty", () => Results.Ok());
        app.MapGet("/api/bare/row/{id:guid}", async (Guid id, HttpContext http) =>
        {
            await using var command = data.CreateCommand("select to_jsonb(l) - 'search_vector' - 'search_text' from leads l where id = $1");
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync((string)(await command.ExecuteScalarAsync() ?? "null"));
        });
        app.MapGet("/api/bare/list", async (HttpContext http) =>
        {
            await using var command = data.CreateCommand("select coalesce(jsonb_agg(x), '[]') from (select id, first_name, last_name, company, email, phone, status_id, owner_id, created_at from leads order by created_at desc, id desc limit 50) x");
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync((string)(await command.ExecuteScalarAsync())!);
        });
        await app.RunAsync();
    }
}
