using LeadCrm.Identity.Clients;
using LeadCrm.Identity.PersonalTokens;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Identity.Data;

/// <summary>How second factors, personal tokens, API clients and revocations lie in the database: no secret of them in the clear.</summary>
internal static class CredentialMapping
{
    public static void Map(EntityTypeBuilder<Revocation> revocation)
    {
        revocation.ToTable("revocations");
        revocation.Property(r => r.Id).ValueGeneratedNever();
        revocation.Property(r => r.At).HasDefaultValueSql("clock_timestamp()");
        revocation.HasIndex(r => r.At);
    }

    public static void Map(EntityTypeBuilder<SecondFactor> factor)
    {
        factor.ToTable("second_factors");
        factor.HasKey(f => f.UserId);
        factor.Property(f => f.UserId).ValueGeneratedNever();
        factor.HasOne<User>().WithOne().HasForeignKey<SecondFactor>(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public static void Map(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes");
        code.Property(c => c.Id).ValueGeneratedNever();
        code.HasIndex(c => new { c.UserId, c.Hash }).IsUnique();
        code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public static void Map(EntityTypeBuilder<PersonalToken> token)
    {
        token.ToTable("personal_tokens");
        token.Property(t => t.Id).ValueGeneratedNever();
        token.Property(t => t.Name).HasMaxLength(100);
        token.PrimitiveCollection(t => t.Scopes).HasField("scopes").HasColumnName("scopes");
        token.HasIndex(t => t.Hash).IsUnique();
        token.HasIndex(t => t.UserId);
        token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public static void Map(EntityTypeBuilder<ApiClient> client)
    {
        client.ToTable("api_clients");
        client.Property(c => c.Id).ValueGeneratedNever();
        client.Property(c => c.Name).HasMaxLength(100);
        client.PrimitiveCollection(c => c.Scopes).HasField("scopes").HasColumnName("scopes");
        client.HasIndex(c => c.UserId);
        client.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
        client.HasMany(c => c.Secrets).WithOne().HasForeignKey(secret => secret.ClientId).OnDelete(DeleteBehavior.Cascade);
        client.Navigation(c => c.Secrets).UsePropertyAccessMode(PropertyAccessMode.Field);
    }

    public static void Map(EntityTypeBuilder<ClientSecret> secret)
    {
        secret.ToTable("client_secrets");
        secret.Property(s => s.Id).ValueGeneratedNever();
    }
}
