using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("opportunities");
builder.AddDatabase<OpportunitiesDb>("opportunities-db");
builder.AddMessaging<OpportunitiesDb>("opportunities", messaging =>
{
    messaging.AddConsumer<AccountChangedConsumer>();
    messaging.AddConsumer<ContactChangedConsumer>();
    messaging.AddConsumer<AccountsAndContactsRevealedConsumer>();
    messaging.AddConsumer<CreateOrAttachOpportunityConsumer>();
    messaging.AddConsumer<UndoOpportunityConsumer>();
    messaging.AddConsumer<LeadConvertedConsumer>();
    messaging.AddConsumer<NewestCampaignFoundConsumer>();
    messaging.AddConsumer<ConversionUndoBegunConsumer>();
    messaging.AddConsumer<ConversionUndoGivenUpConsumer>();
    messaging.AddConsumer<LeadConversionUndoneConsumer>();
    messaging.AddConsumer<RecordActivityConsumer>();
});
builder.Services.AddOptions<OrganisationOptions>().BindConfiguration("Organisation").ValidateDataAnnotations()
    .Validate(organisation => TimeZoneInfo.TryFindSystemTimeZoneById(organisation.TimeZone, out _), "Organisation:TimeZone is not the name of a time zone, such as Europe/Berlin.")
    .ValidateOnStart();
builder.AddCustomFields<OpportunityCustomFields>(OpportunityCustomFields.Record);
builder.Services.AddServiceClient("accounts");
builder.Services.AddSingleton<PipelineCache>();
builder.AddNews<PipelineCache>("opportunities-db", PipelineCache.News, cache => cache.Forget());
builder.Services.AddSingleton<CurrentOrganisation>();
builder.Services.AddScoped<OpportunityAccess>();
builder.Services.AddScoped<UndoProbe>();
builder.Services.AddScoped<AccountsClient>();
builder.Services.AddScoped<MergedReferences>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapPipelines();
app.MapOpportunities();
app.MapOpportunityFeed();
app.MapConversion();
app.MapOpportunityOwners();
app.MapCustomFieldsForServices();
app.Run();

