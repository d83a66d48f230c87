using LeadCrm.Campaigns.Campaigns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Campaigns.Members;

/// <summary>How members are stored.</summary>
internal sealed class MemberMapping : IEntityTypeConfiguration<CampaignMember>
{
    public void Configure(EntityTypeBuilder<CampaignMember> member)
    {
        member.ToTable("campaign_members", table => table.HasCheckConstraint("ck_campaign_members_person_type", "person_type in ('lead', 'contact')"));
        member.HasKey(m => m.Id);
        member.Property(m => m.Id).ValueGeneratedNever();
        member.HasOne<Campaign>().WithMany().HasForeignKey(m => m.CampaignId).OnDelete(DeleteBehavior.Cascade);
        member.HasOne(m => m.Status).WithMany().HasForeignKey(m => m.StatusId).OnDelete(DeleteBehavior.NoAction);

        const string current = "deleted_at is null";
        member.HasIndex(m => new { m.CampaignId, m.PersonType, m.PersonId }).IsUnique().HasFilter(current);
        member.HasIndex(m => new { m.PersonId, m.PersonType });
        member.HasIndex(m => new { m.CampaignId, m.CreatedAt, m.Id }).HasFilter(current);
        member.HasIndex(m => m.StatusId);
        member.HasIndex(m => m.DeletedAt).HasFilter("deleted_at is not null");
    }
}
