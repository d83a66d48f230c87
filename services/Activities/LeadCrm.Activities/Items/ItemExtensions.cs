using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Notes;
using LeadCrm.Activities.Records;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Items;

internal static class ItemExtensions
{
    /// <summary>What actions and consumers need to get at items and at the records that they hang on.</summary>
    internal static void AddItems(this IHostApplicationBuilder builder)
    {
        foreach (var owner in (string[])["leads", "accounts", "opportunities", "campaigns"]) builder.Services.AddServiceClient(owner);
        builder.Services.AddScoped<Viewer>().AddScoped<ConversionUndo.UndoProbe>().AddScoped<ItemAccess>().AddScoped<RelatedRecords>().AddScoped<RecordsClient>();
        builder.Services.AddScoped<RecordChanges>().AddScoped<FollowUps>().AddScoped<LeadRecords>();
        builder.Services.AddScoped<ActivityActions>().AddScoped<NoteActions>();
    }
}
