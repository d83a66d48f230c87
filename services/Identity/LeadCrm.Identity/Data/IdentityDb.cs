using System.Text.Json;
using LeadCrm.Identity.Clients;
using LeadCrm.Identity.Organisation;
using LeadCrm.Identity.PersonalTokens;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Sharing;
using LeadCrm.Identity.Teams;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Identity.Data;

/// <summary>
/// Users, teams, roles, sessions and signing keys. ASP.NET Core Identity's own tables are mapped only as far as they are used; claims and
/// external logins are not.
/// </summary>
internal sealed class IdentityDb(DbContextOptions<IdentityDb> options) : DbContext(options)
{
    public const string DirectoryVersions = "directory_version";

    /// <summary>Held by every change of the directory until its commit; see <see cref="Directory.DirectoryChange"/>.</summary>
    public const long DirectoryLock = 0x4C656164_49640001;
    public const long SigningKeysLock = 0x4C656164_49640002;

    public DbSet<User> Users => Set<User>();
    public DbSet<Role> Roles => Set<Role>();
    public DbSet<Team> Teams => Set<Team>();
    public DbSet<KnownPermission> KnownPermissions => Set<KnownPermission>();
    public DbSet<OrganisationSettings> Organisation => Set<OrganisationSettings>();
    public DbSet<SharingRule> SharingRules => Set<SharingRule>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<SignInFailure> SignInFailures => Set<SignInFailure>();
    public DbSet<Revocation> Revocations => Set<Revocation>();
    public DbSet<SecondFactor> SecondFactors => Set<SecondFactor>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<PersonalToken> PersonalTokens => Set<PersonalToken>();
    public DbSet<ApiClient> Clients => Set<ApiClient>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    /// <summary>Waits for a lock that the running transaction then holds until it ends.</summary>
    public Task Lock(long key, CancellationToken ct) => Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", ct);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasSequence<long>(DirectoryVersions);
        modelBuilder.Entity<User>(Map);
        modelBuilder.Entity<Role>(Map);
        modelBuilder.Entity<Team>(Map);
        modelBuilder.Entity<KnownPermission>(Map);
        modelBuilder.Entity<OrganisationSettings>(Map);
        modelBuilder.Entity<SharingRule>(Map);
        modelBuilder.Entity<Session>(Map);
        modelBuilder.Entity<SignInFailure>(Map);
        modelBuilder.Entity<Revocation>(CredentialMapping.Map);
        modelBuilder.Entity<SecondFactor>(CredentialMapping.Map);
        modelBuilder.Entity<RecoveryCode>(CredentialMapping.Map);
        modelBuilder.Entity<PersonalToken>(CredentialMapping.Map);
        modelBuilder.Entity<ApiClient>(CredentialMapping.Map);
        modelBuilder.Entity<ClientSecret>(CredentialMapping.Map);
        modelBuilder.Entity<SigningKey>(Map);
        modelBuilder.AddPlatform();
    }

    private static void Map(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.HasKey(u => u.Id);
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.Name).HasMaxLength(200);
        user.Property(u => u.Email).HasMaxLength(254).IsRequired();
        user.Property(u => u.NormalizedEmail).HasMaxLength(254).IsRequired();
        user.HasIndex(u => u.NormalizedEmail).IsUnique();
        user.Property(u => u.UserName).HasMaxLength(254).IsRequired();
        user.Property(u => u.NormalizedUserName).HasMaxLength(254).IsRequired();
        user.HasIndex(u => u.NormalizedUserName).IsUnique();
        user.Property(u => u.Version).IsConcurrencyToken();
        user.HasIndex(u => u.Version).IsUnique();
        user.HasIndex(u => u.TeamId);
        user.HasOne<Team>().WithMany().HasForeignKey(u => u.TeamId).OnDelete(DeleteBehavior.Restrict);
        user.HasMany(u => u.Roles).WithMany().UsingEntity(
            "user_roles",
            role => role.HasOne(typeof(Role)).WithMany().HasForeignKey("role_id").OnDelete(DeleteBehavior.Restrict),
            held => held.HasOne(typeof(User)).WithMany().HasForeignKey("user_id").OnDelete(DeleteBehavior.Cascade),
            join => join.HasKey("user_id", "role_id"));

        // Not used: this product has its own version, always locks out, and has neither telephone sign-in nor e-mail confirmation.
        user.Ignore(u => u.ConcurrencyStamp);
        user.Ignore(u => u.LockoutEnabled);
        user.Ignore(u => u.EmailConfirmed);
        user.Ignore(u => u.PhoneNumber);
        user.Ignore(u => u.PhoneNumberConfirmed);
        user.Ignore(u => u.TwoFactorEnabled);
        user.Ignore(u => u.Permissions);
        user.Ignore(u => u.IsAdministrator);

        // Secrets, what machines touch at each sign-in, and what only repeats the e-mail address.
        user.Property(u => u.PasswordHash).NotInHistory();
        user.Property(u => u.SecurityStamp).NotInHistory();
        user.Property(u => u.AccessFailedCount).NotInHistory();
        user.Property(u => u.LockoutEnd).NotInHistory();
        user.Property(u => u.UserName).NotInHistory();
        user.Property(u => u.NormalizedUserName).NotInHistory();
        user.Property(u => u.NormalizedEmail).NotInHistory();
    }

    private static void Map(EntityTypeBuilder<Role> role)
    {
        role.ToTable("roles");
        role.Property(r => r.Id).ValueGeneratedNever();
        role.Property(r => r.Name).HasMaxLength(100);
        role.HasIndex(r => r.Name).IsUnique();
        role.Property(r => r.Description).HasMaxLength(500);
        role.PrimitiveCollection(r => r.Permissions).HasField("permissions").HasColumnName("permissions");
        role.Property(r => r.Version).IsConcurrencyToken();
        role.Ignore(r => r.IsAdministrator);
    }

    private static void Map(EntityTypeBuilder<Team> team)
    {
        team.ToTable("teams");
        team.Property(t => t.Id).ValueGeneratedNever();
        team.Property(t => t.Name).HasMaxLength(100);
        team.Property(t => t.Version).IsConcurrencyToken();
        team.HasIndex(t => t.Version).IsUnique();
        team.HasOne<Team>().WithMany().HasForeignKey(t => t.ParentId).OnDelete(DeleteBehavior.Restrict);
        team.HasOne<User>().WithMany().HasForeignKey(t => t.ManagerId).OnDelete(DeleteBehavior.Restrict);
        // Two teams of one name beside each other could not be told apart; a deleted one gives its name free.
        team.HasIndex(t => new { t.ParentId, t.Name }).IsUnique().AreNullsDistinct(false).HasFilter("deleted_at is null");
    }

    private static void Map(EntityTypeBuilder<KnownPermission> permission)
    {
        permission.ToTable("known_permissions");
        permission.HasKey(p => p.Name);
        permission.Property(p => p.Name).HasMaxLength(100);
    }

    private static void Map(EntityTypeBuilder<OrganisationSettings> settings)
    {
        settings.ToTable("organisation");
        settings.Property(s => s.Id).ValueGeneratedNever();
        settings.Property(s => s.Name).HasMaxLength(200);
        settings.Property(s => s.TimeZone).HasMaxLength(100);
        settings.Property(s => s.Currency).HasMaxLength(3);
        settings.Property(s => s.Version).IsConcurrencyToken();
        settings.PrimitiveCollection(s => s.SecondFactorRoles).HasField("secondFactorRoles").HasColumnName("second_factor_roles").HasDefaultValueSql("'{}'");
        settings.Ignore(s => s.Input);
        settings.Property(s => s.Sharing).HasColumnType("jsonb").HasConversion(
            sharing => JsonSerializer.Serialize(sharing, JsonSerializerOptions.Default),
            text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyDictionary<string, string>>(
                (one, other) => one!.Count == other!.Count && !one.Except(other).Any(), sharing => sharing.Count, sharing => sharing.ToDictionary()));
    }

    private static void Map(EntityTypeBuilder<SharingRule> rule)
    {
        rule.ToTable("sharing_rules");
        rule.Property(r => r.Id).ValueGeneratedNever();
        rule.Property(r => r.RecordType).HasMaxLength(50);
        rule.Property(r => r.Access).HasMaxLength(20);
        rule.Property(r => r.Version).IsConcurrencyToken();
        rule.HasIndex(r => r.Version).IsUnique();
        rule.HasOne<Team>().WithMany().HasForeignKey(r => r.OwnedByTeamId).OnDelete(DeleteBehavior.Restrict);
        rule.HasOne<Team>().WithMany().HasForeignKey(r => r.SharedWithTeamId).OnDelete(DeleteBehavior.Restrict);
    }

    private static void Map(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.Property(s => s.UserAgent).HasMaxLength(Session.LongestUserAgent);
        session.Property(s => s.Address).HasMaxLength(Session.LongestAddress);
        session.Property(s => s.EndedBecause).HasConversion<string>().HasMaxLength(30);
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        session.HasIndex(s => s.UserId).HasFilter("ended_at is null");
        session.HasIndex(s => s.LastUsedAt);
    }

    private static void Map(EntityTypeBuilder<SignInFailure> failure)
    {
        failure.ToTable("sign_in_failures");
        failure.Property(f => f.Id).ValueGeneratedNever();
        failure.Property(f => f.Address).HasMaxLength(Session.LongestAddress);
        failure.HasIndex(f => f.At);
    }

    private static void Map(EntityTypeBuilder<SigningKey> key)
    {
        key.ToTable("signing_keys");
        key.Property(k => k.Id).HasMaxLength(64);
    }
}
