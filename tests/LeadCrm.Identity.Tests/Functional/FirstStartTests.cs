using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>An installation that nobody gave a password for the first administrator.</summary>
public sealed partial class FirstStartTests(FirstStartTests.OwnApp app) : IClassFixture<FirstStartTests.OwnApp>
{
    [Fact]
    public async Task The_first_administrators_password_is_generated_and_printed_once()
    {
        var printed = Printed().Matches(app.Output).ShouldHaveSingleItem().Groups["password"].Value;
        await app.SignIn(IdentityApp.AdminEmail, printed);

        await app.Restart();
        Printed().Count(app.Output).ShouldBe(1);
        await app.SignIn(IdentityApp.AdminEmail, printed);
    }

    [Fact]
    public void The_generated_password_does_not_go_through_the_logger()
    {
        var printed = Printed().Match(app.Output).Groups["password"].Value;
        printed.Length.ShouldBeGreaterThan(20);
        app.Log.ShouldNotContain(printed);
    }

    [Fact]
    public async Task Without_sample_data_there_is_nobody_but_the_administrator() =>
        (await app.Database.Scalar<string[]>("select array_agg(email::text) from users")).ShouldBe([IdentityApp.AdminEmail]);

    [GeneratedRegex(@"sign in as admin@leadcrm\.local with the password (?<password>\S+) and change it", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Printed();

    /// <summary>Keeps what is printed to the terminal while it starts.</summary>
    public sealed class OwnApp : IdentityApp
    {
        private readonly Copy copy = new(Console.Out);

        public string Output => copy.Text;

        public override async ValueTask InitializeAsync()
        {
            Console.SetOut(TextWriter.Synchronized(copy));
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Console.SetOut(copy.Original);
        }

        protected override void ConfigureHost(IWebHostBuilder builder)
        {
            base.ConfigureHost(builder);
            builder.UseSetting("LEADCRM_ADMIN_PASSWORD", "");
            builder.UseSetting("LEADCRM_SAMPLE_DATA", "false");
        }
    }

    private sealed class Copy(TextWriter original) : TextWriter
    {
        private readonly StringBuilder text = new();

        public TextWriter Original => original;

        public string Text
        {
            get
            {
                lock (text) return text.ToString();
            }
        }

        public override Encoding Encoding => original.Encoding;

        public override void Write(char value)
        {
            lock (text) text.Append(value);
            original.Write(value);
        }
    }
}
