using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Health;
using Microsoft.AspNetCore.Identity;

namespace LeadCrm.Identity.Setup;

/// <summary>What this service is made of.</summary>
internal static class Services
{
    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TokenSettings>().BindConfiguration("Tokens").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SessionSettings>().BindConfiguration("Sessions");

        services.AddIdentityCore<User>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.User.AllowedUserNameCharacters = "";   // any: the sign-in name is the e-mail address, checked as such
        });
        services.AddScoped<IUserStore<User>, UserStore>();
        // Instead of the built-in validator with its rules about kinds of characters, not besides it.
        foreach (var builtIn in services.Where(service => service.ServiceType == typeof(IPasswordValidator<User>)).ToArray()) services.Remove(builtIn);
        services.AddSingleton<IPasswordValidator<User>, PasswordRules>();
        services.AddScoped<PasswordService>();

        services.AddSingleton(provider => DataKey.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<SigningKeyRotation>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeyRotation>());

        services.AddScoped<DirectoryChanges>();
        services.AddScoped<SignInAttempts>();
        services.AddScoped<SessionStart>();
        services.AddScoped<SessionEnding>();
        services.AddScoped<CredentialCut>();
        services.AddSingleton<SignInChallenge>();
        services.AddScoped<SecondFactorCheck>();
        services.AddSingleton<SignInMetrics>();
        services.AddSingleton<CleanUp>();
        services.AddHostedService(provider => provider.GetRequiredService<CleanUp>());

        services.AddScoped<NewPermissions>();
        services.AddScoped<FirstStart>();
        services.AddScoped<SampleUsers>();
        services.AddSingleton<Startup>();
        services.AddHostedService(provider => provider.GetRequiredService<Startup>());
        services.AddSingleton<IStartCondition>(provider => provider.GetRequiredService<Startup>());
        return builder;
    }
}
