using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("leads");
builder.AddDatabase<LeadsDb>("leads-db");

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
