// A service that is nothing but what the application host needs to see: health, its environment, a way to be made unhealthy.
var app = WebApplication.CreateSlimBuilder(args).Build();
var readyAt = DateTime.UtcNow + TimeSpan.FromMilliseconds(int.Parse(Environment.GetEnvironmentVariable("READY_AFTER_MS") ?? "0"));
if (Environment.GetEnvironmentVariable("EVENTS_FILE") is { } events)
{
    var name = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME");
    app.Lifetime.ApplicationStarted.Register(() => File.AppendAllText(events, $"{name} started\n"));
    app.Lifetime.ApplicationStopped.Register(() => File.AppendAllText(events, $"{name} stopped\n"));
}

app.MapGet("/health/ready", () => DateTime.UtcNow >= readyAt ? Results.Ok() : Results.StatusCode(503));
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.Run();
