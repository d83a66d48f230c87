using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Files;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Unit;

/// <summary>Decisions on an activity's input alone (AV1), the organisation's days, and what a content is by its bytes (AV5).</summary>
public sealed class ActivityRulesTests
{
    private static readonly DateTimeOffset Now = new(2031, 3, 30, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Me = Guid.NewGuid();

    private static OrganisationCalendar Calendar(string zone = "Europe/Berlin") => new(new FixedTime(Now), new NoDirectory(), Options.Create(new OrganisationOptions { TimeZone = zone }));

    private static (ActivityInput Input, IReadOnlyDictionary<string, string[]> Errors) Check(ActivityInput input)
    {
        var errors = new FieldErrors();
        return (input.Normalised(Me, Calendar(), Now, errors), errors.ToDictionary());
    }

    [Fact]
    public void AV1_a_field_of_another_kind_is_refused_by_name() =>
        Check(new ActivityInput { Kind = ItemKind.Task, Subject = "x", StartsAt = Now, From = "a@example.com", Result = "y" }).Errors.Keys.ShouldBe(["from", "result", "startsAt"], ignoreOrder: true);

    [Theory]
    [InlineData(null), InlineData(ItemKind.Note), InlineData(ItemKind.File)]
    public void AV1_a_kind_is_one_of_four(object? kind) => Check(new ActivityInput { Kind = (ItemKind?)kind, Subject = "x" }).Errors.Keys.ShouldBe(["kind"]);

    [Fact]
    public void AV1_an_all_day_event_lasts_whole_days_of_the_organisation()
    {
        var (input, errors) = Check(new ActivityInput { Kind = ItemKind.Event, Subject = "Fair", AllDay = true, StartsAt = Now, EndsAt = Now.AddDays(1) });

        errors.ShouldBeEmpty();
        input.StartsAt.ShouldBe(new DateTimeOffset(2031, 3, 29, 23, 0, 0, TimeSpan.Zero));
        input.EndsAt.ShouldBe(new DateTimeOffset(2031, 3, 31, 22, 0, 0, TimeSpan.Zero));   // the clocks went forward in between
    }

    [Fact]
    public void AV1_an_event_does_not_end_before_it_begins() =>
        Check(new ActivityInput { Kind = ItemKind.Event, Subject = "x", StartsAt = Now, EndsAt = Now.AddMinutes(-1) }).Errors.Keys.ShouldBe(["endsAt"]);

    [Fact]
    public void AV1_an_address_that_is_none_is_named() =>
        Check(new ActivityInput { Kind = ItemKind.Email, Subject = "x", To = ["nobody"] }).Errors["to"].ShouldBe(["'nobody' is not an e-mail address."]);

    [Fact]
    public void AV3_the_day_is_the_organisations()
    {
        Calendar("Pacific/Auckland").DayOf(new DateTimeOffset(2031, 1, 1, 12, 0, 0, TimeSpan.Zero)).ShouldBe(new DateOnly(2031, 1, 2));
        Calendar("America/Los_Angeles").Start(new DateOnly(2031, 1, 2)).ShouldBe(new DateTimeOffset(2031, 1, 2, 8, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("89504E470D0A1A0A0000", "image/png")]
    [InlineData("FFD8FFE000104A46", "image/jpeg")]
    [InlineData("255044462D312E37", "application/pdf")]
    [InlineData("4D5A9000", "application/vnd.microsoft.portable-executable")]
    [InlineData("48656C6C6F", "text/plain")]
    [InlineData("C3A4C3B6C3BC", "text/plain")]
    [InlineData("00010203", "application/octet-stream")]
    [InlineData("C3", "application/octet-stream")]
    [InlineData("3C68746D6C3E", "text/html")]
    [InlineData("EFBBBF3C7376673E", "image/svg+xml")]
    public void AV5_bytes_say_what_a_content_is(string hex, string type) => MediaTypes.Of(Convert.FromHexString(hex)).ShouldBe(type);

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\temp\\plan.docx", "plan.docx")]
    [InlineData("a\u202Efdp.exe", "afdp.exe")]
    [InlineData("..", "file")]
    [InlineData(null, "file")]
    public void AV5_a_name_is_only_a_name(string? given, string expected) => UploadedFile.NameOf(given).ShouldBe(expected);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class NoDirectory : IDirectory
    {
        public IReadOnlyCollection<DirectoryUser> Users => [];
        public IReadOnlyCollection<DirectoryTeam> Teams => [];
        public DirectoryOrganisation? Organisation => null;
        public IReadOnlyCollection<DirectorySharingRule> SharingRules => [];
        public IReadOnlyCollection<QueueMembers> Queues => [];
        public long Version => 1;
        public DirectoryUser? FindUser(Guid id) => null;
        public DirectoryTeam? FindTeam(Guid id) => null;
        public bool IsRevoked(Guid sessionId) => false;
    }
}
