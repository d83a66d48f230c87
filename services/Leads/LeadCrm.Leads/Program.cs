using LeadCrm.Leads;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("leads");
builder.AddDatabase<LeadsDb>("leads-db");
builder.AddMessaging<LeadsDb>("leads");
builder.Services.Configure<LeadsOptions>(builder.Configuration.GetSection("Leads"));
builder.Services.AddSingleton<OrganisationCalendar>();
builder.Services.AddScoped<LeadAccess>().AddScoped<StatusBook>().AddScoped<OwnerRules>();
builder.Services.AddHostedService<ReopenDueLeads>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapLeads();
app.Run();
