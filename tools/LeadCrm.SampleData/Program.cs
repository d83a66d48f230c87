using LeadCrm.SampleData;

// Fills a new installation with something to look at, the way a person would do it: through the gateway.
var gateway = Environment.GetEnvironmentVariable("services__gateway__http__0");
var password = Environment.GetEnvironmentVariable("LEADCRM_SAMPLE_PASSWORD");
if (gateway is null || password is null)
{
    await Console.Error.WriteLineAsync("services__gateway__http__0 and LEADCRM_SAMPLE_PASSWORD are needed.");
    return 2;
}

using var manager = await SignedIn.As(new Uri(gateway), "mona.manager@example.com", password);
await new Loader(manager, Console.Out).Run();
return 0;
