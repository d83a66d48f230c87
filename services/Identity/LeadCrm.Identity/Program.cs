using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Setup;
using LeadCrm.Identity.Teams;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("identity");
builder.AddDatabase<IdentityDb>("identity-db");
builder.AddMessaging<IdentityDb>("identity", _ => { });
builder.AddIdentity();

var app = builder.Build();
app.MapServiceDefaults();
app.MapUsers();
app.MapTeams();
app.MapRoles();
app.MapSessions();
app.MapDirectoryFeed();
app.MapDiscovery();
app.Run();
