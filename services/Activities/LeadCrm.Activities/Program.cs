using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Conversion;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Files;
using LeadCrm.Activities.Following;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Notes;
using LeadCrm.Activities.Organisation;
using LeadCrm.Activities.Records;
using LeadCrm.Activities.RecycleBin;
using LeadCrm.Activities.Touches;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.RecordAccess;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("activities");
builder.AddDatabase<ActivitiesDb>("activities-db");
builder.AddMessaging<ActivitiesDb>("activities", messaging =>
{
    messaging.AddConsumer<LeadChangedConsumer>();
    messaging.AddConsumer<LeadsChangedConsumer>();
    messaging.AddConsumer<LeadConvertedConsumer>();
    messaging.AddConsumer<AccountChangedConsumer>();
    messaging.AddConsumer<ContactChangedConsumer>();
    messaging.AddConsumer<OpportunityChangedConsumer>();
    messaging.AddConsumer<RevealedRecordsConsumer>();
    messaging.AddConsumer<CampaignChangedConsumer>();
    messaging.AddConsumer<QueueChangedConsumer>();
});
builder.AddRecordAccess();
builder.AddOrganisation();
builder.AddItems();
builder.AddFiles();
builder.AddTouches();
builder.AddRecycleBin();

var app = builder.Build();
app.MapServiceDefaults();
app.MapActivities();
app.MapNotes();
app.MapFiles();
app.MapFollowing();
app.Run();
