using LeadCrm.Capture;
using LeadCrm.Capture.Data;
using LeadCrm.Capture.Delivery;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Intake;
using LeadCrm.Capture.Submissions;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("capture");
builder.AddDatabase<CaptureDb>("capture-db");
builder.AddMessaging<CaptureDb>("capture", messaging => messaging.AddConsumer<LeadsCapturedConsumer>());
builder.Services.Configure<CaptureOptions>(builder.Configuration.GetSection("Capture"));
builder.Services.AddServiceClient("leads");
builder.Services.AddServiceClient("campaigns");
builder.Services.AddSingleton<CaptureMetrics>().AddSingleton<CaptureKey>().AddSingleton<RenderStamp>();
builder.Services.AddScoped<FormStore>().AddScoped<FormReferences>().AddScoped<HandOn>().AddScoped<DecideOnSubmission>().AddScoped<TakeIn>().AddScoped<ShowForm>().AddScoped<SubmitForm>();
builder.Services.AddHostedService<LineSweep>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapForms();
app.MapSubmissions();
app.MapIntake();
app.Run();
