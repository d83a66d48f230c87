using System.Text;
using LeadCrm.Campaigns.People;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Unit;

public sealed class PeopleFileTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    [Theory]
    [InlineData("E-Mail,Status\r\nKim@Example.com,Came\r\n")]
    [InlineData("\uFEFFstatus;email\nCame;kim@example.com")]
    [InlineData("Name\tEmail\tStatus\r\"Kim\tLee\"\tkim@example.com\tCame\r\r")]
    [InlineData("email,note,status\n\"kim@example.com\",\"says \"\"hi\"\",\ntwice\",Came\n\n")]
    public void CM8_a_file_names_people_by_e_mail_in_any_usual_form(string text)
    {
        var line = Read(text).ShouldHaveSingleItem();

        (line.Email, line.Status, line.Problem).ShouldBe(("kim@example.com", "Came", null));
    }

    [Fact]
    public void CM8_a_file_names_people_by_id()
    {
        var lines = Read($"Lead ID,Contact ID,Id\n{Id},,\n,{Id},\n,,{Id}\n");

        lines.Select(l => (l.Line, l.Type, l.Id)).ShouldBe([(2, "lead", Id), (3, "contact", Id), (4, "", Id)]);
    }

    [Fact]
    public void CM8_a_line_that_names_nobody_is_told_with_its_number()
    {
        var lines = Read("email,leadId\nno address,\n,no id\n\"a\nb\"@x,\n");

        lines.Select(l => (l.Line, l.Problem)).ShouldBe([(2, "This is not an e-mail address."), (3, "This is not an id."), (4, null)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("first name,last name\nKim,Lee")]
    [InlineData("email\na@x\nb@x\nc@x\nd@x")]
    public void CM8_a_file_that_is_empty_too_long_or_names_no_column_is_refused(string text) => Should.Throw<DomainRuleException>(() => Read(text)).Status.ShouldBe(422);

    [Fact]
    public void CM8_a_file_that_is_not_utf8_is_refused() => Should.Throw<DomainRuleException>(() => PeopleFile.Read([.. "email\nm"u8, 0xFC, .. "ller@example.com"u8], 3));

    private static IReadOnlyList<PersonLine> Read(string text) => PeopleFile.Read(Encoding.UTF8.GetBytes(text), most: 3);
}
