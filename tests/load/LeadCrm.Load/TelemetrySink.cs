using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Load;

/// <summary>A collector that takes whatever telemetry comes (OTLP over gRPC) and keeps none, so that services can be measured with theirs on and nothing else.</summary>
internal static class TelemetrySink
{
    private static readonly byte[] EmptyAnswer = [0, 0, 0, 0, 0];   // not compressed, of no length

    public static async Task Run(Uri address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(address.Port, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.MapPost("/{**any}", async (HttpContext http) =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(EmptyAnswer, http.RequestAborted);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await app.RunAsync();
    }
}
