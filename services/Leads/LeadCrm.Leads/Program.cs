using LeadCrm.Leads;
using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.AutoConversion;
using LeadCrm.Leads.BulkConversions;
using LeadCrm.Leads.Capture;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Import;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.Leads.Queues;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("leads");
builder.AddDatabase<LeadsDb>("leads-db");
builder.AddMessaging<LeadsDb>("leads", bus =>
{
    bus.AddConsumer<ConversionAnswersConsumer>();
    bus.AddConsumer<AccountChangedConsumer>();
    bus.AddConsumer<OpportunityChangedConsumer>();
    bus.AddConsumer<RecordActivityConsumer>();
    bus.AddConsumer<CaptureLeadsConsumer>();
});
builder.AddConversion();
builder.AddBulkConversions();
builder.AddAutoConversions();
builder.Services.Configure<LeadsOptions>(builder.Configuration.GetSection("Leads"));
builder.Services.AddSingleton<OrganisationCalendar>();
builder.Services.AddScoped<LeadAccess>().AddScoped<StatusBook>().AddScoped<OwnerRules>().AddScoped<QueueNews>();
builder.Services.AddScoped<TakeInLead>().AddScoped<CaptureOwner>();
builder.Services.AddHostedService<ReopenDueLeads>();
builder.AddImports();
builder.AddAccountMatches();

var app = builder.Build();
app.MapServiceDefaults();
app.MapLeads();
app.MapConversions();
app.MapBulkConversions();
app.MapAutoConversions();
app.MapConversionMapping();
app.MapImports();
app.MapLeadFeed();
app.Run();
