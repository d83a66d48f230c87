using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("campaigns");
builder.AddDatabase<CampaignsDb>("campaigns-db");
builder.AddMessaging<CampaignsDb>("campaigns");

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
