using System.Text.Json;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Matrix;

/// <summary>Bodies that a service takes in earnest, where the example or the members that must be there are not enough.</summary>
internal static class Bodies
{
    public static string? Of(Operation operation, Records? records, Cast cast) => operation.Line.Name switch
    {
        "PATCH /api/leads/{id}" or "PATCH /api/contacts/{id}" => Json(new { lastName = "Changed" }),
        "PATCH /api/accounts/{id}" or "PATCH /api/opportunities/{id}" or "PATCH /api/campaigns/{id}" or "PATCH /api/files/{id}" => Json(new { name = "Changed" }),
        "PATCH /api/activities/{id}" => Json(new { subject = "Changed" }),
        "PATCH /api/notes/{id}" => Json(new { title = "Changed" }),
        "POST /api/leads/{id}/owner" => Json(new { ownerId = cast["rep"].UserId }),
        "POST /api/leads/{id}/status" => Json(new { status = "Contacted" }),
        "PUT /api/leads/{id}/score" => Json(new { score = 77 }),
        "PUT /api/leads/{id}/unread" => Json(new { unread = true }),
        "POST /api/leads/{id}/conversions" => "{}",
        "POST /api/leads/conversions/{conversionId}/undo" => Json(new { dryRun = true }),
        "POST /api/leads/imports/{id}/start" => Json(new { mapping = new Dictionary<string, string> { ["Last Name"] = "lastName" } }),
        "PUT /api/accounts/{id}/primary-contact" => Json(new { contactId = records!.Id("contact") }),
        "PUT /api/opportunities/{id}/contact-roles/{contactId}" => Json(new { role = "decisionMaker", isPrimary = true }),
        "POST /api/campaigns/{id}/members" => Json(new { contactId = records!.Id("contact") }),
        "POST /api/campaigns/{id}/members/from-list" => Json(new { contactIds = new[] { records!.Id("contact") } }),
        _ => operation.SmallestBody(),
    };

    /// <summary>Parameters without which an operation is not let in for want of them.</summary>
    public static string Query(Operation operation) => operation.Line.Name switch
    {
        "GET /api/search" => "?q=probe",
        "POST /api/files/{id}/versions" => "?name=new.png",
        _ => "",
    };

    private static string Json(object value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
