using LeadCrm.Accounts;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.ConversionUndo;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Merging;
using LeadCrm.Accounts.Touches;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("accounts");
builder.AddDatabase<AccountsDb>("accounts-db");
builder.AddMessaging<AccountsDb>("accounts", messaging =>
{
    messaging.AddConsumer<CreateAccountAndContactConsumer>();
    messaging.AddConsumer<UndoAccountAndContactConsumer>();
    messaging.AddConsumer<LeadConvertedConsumer>();
    messaging.AddConsumer<ConversionUndoBegunConsumer>();
    messaging.AddConsumer<ConversionUndoGivenUpConsumer>();
    messaging.AddConsumer<LeadConversionUndoneConsumer>();
    messaging.AddConsumer<RecordActivityConsumer>();
});
builder.AddCustomFields<AccountsCustomFields>(AccountsCustomFields.Account, AccountsCustomFields.Contact);
builder.Services.Configure<DuplicateOptions>(builder.Configuration.GetSection(DuplicateOptions.Section));
builder.Services.AddScoped<AccountAccess>().AddScoped<ContactAccess>();
builder.Services.AddScoped<DuplicateFinder>().AddScoped<ConversionLoader>().AddScoped<UndoProbe>();
builder.Services.Configure<MergeOptions>(builder.Configuration.GetSection(MergeOptions.Section));
builder.Services.AddScoped<MergeReferences>().AddScoped<MergeAccounts>().AddScoped<MergeContacts>().AddScoped<UndoMerge>();
builder.Services.AddScoped<AccountReferences>().AddScoped<ContactReferences>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapAccounts();
app.MapContacts();
app.MapAccessFeed();
app.MapCustomFieldsForServices();
app.Run();
