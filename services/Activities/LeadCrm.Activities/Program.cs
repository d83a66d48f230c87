using LeadCrm.Activities.Data;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("activities");
builder.AddDatabase<ActivitiesDb>("activities-db");
builder.AddMessaging<ActivitiesDb>("activities");

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
