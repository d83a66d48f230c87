using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Conversion;
using LeadCrm.Campaigns.ConversionUndo;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Campaigns.Members;
using LeadCrm.Campaigns.Merges;
using LeadCrm.Campaigns.People;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.RecordAccess;
using MassTransit;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("campaigns");
builder.AddDatabase<CampaignsDb>("campaigns-db");
builder.AddMessaging<CampaignsDb>("campaigns", messaging =>
{
    messaging.AddConsumer<LeadChangedConsumer>();
    messaging.AddConsumer<LeadsChangedConsumer>();
    messaging.AddConsumer<LeadConvertedConsumer>();
    messaging.AddConsumer<ConversionUndoBegunConsumer>();
    messaging.AddConsumer<ConversionUndoGivenUpConsumer>();
    messaging.AddConsumer<LeadConversionUndoneConsumer>();
    messaging.AddConsumer<ContactChangedConsumer>();
    messaging.AddConsumer<OpportunityChangedConsumer>();
    messaging.AddConsumer<RevealedRecordsConsumer>();
    messaging.AddConsumer<QueueChangedConsumer>();
});
builder.AddRecordAccess("lead", "contact", "opportunity");
builder.Services.AddServiceClient("leads");
builder.Services.AddServiceClient("accounts");
builder.Services.AddScoped<Sight>().AddScoped<CampaignAccess>().AddScoped<CampaignReferences>();
builder.Services.AddScoped<MembersInSight>().AddScoped<MemberWriting>().AddScoped<JoinNewLeads>().AddScoped<PeopleClient>();
builder.Services.AddScoped<MoveMemberships>().AddScoped<MoveMembershipsBack>().AddScoped<UndoProbe>().AddScoped<InfluenceWriting>().AddScoped<FollowMerges>().AddScoped<MoveContact>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapCampaigns();
app.MapConversionUndo();
app.MapRecordAccessFeed(new RecordAccessSource<CampaignsDb>("campaign", db => db.Campaigns.AsNoTracking().IgnoreQueryFilters().Select(c => new RecordAccessRow
{
    RecordType = "campaign", RecordId = c.Id, OwnerId = c.OwnerId, Name = c.Name, Version = c.Version, IsDeleted = c.DeletedAt != null,
})));
app.Run();
