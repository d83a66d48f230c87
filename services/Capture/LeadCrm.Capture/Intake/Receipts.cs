using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Capture.Intake;

/// <summary>
/// Which submission a sender's token, or the same values within ten minutes, stand for (WL6). The primary key makes the second of two that come
/// at the same moment wait for the first and then get its receipt.
/// </summary>
internal sealed class Receipt
{
    public Guid FormId { get; private set; }
    /// <summary>Hash of the token, or of e-mail and values.</summary>
    public string OnceKey { get; private set; } = "";
    public Guid SubmissionId { get; private set; }
    /// <summary>Hash of e-mail and values.</summary>
    public string Payload { get; private set; } = "";
    public DateTimeOffset ExpiresAt { get; private set; }
}

internal sealed class ReceiptMapping : IEntityTypeConfiguration<Receipt>
{
    public void Configure(EntityTypeBuilder<Receipt> receipt)
    {
        receipt.ToTable("receipts");
        receipt.HasKey(r => new { r.FormId, r.OnceKey });
        receipt.HasIndex(r => r.ExpiresAt);
        receipt.HasOne<Forms.WebForm>().WithMany().HasForeignKey(r => r.FormId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>
/// How much one sender sent a form in the running minute. Senders share a fixed number of slots of each form, by a keyed hash of their address: the
/// table stays small however many there are.
/// </summary>
internal sealed class AddressCount
{
    /// <summary>Slots of a form.</summary>
    public const int Slots = 4_096;

    public Guid FormId { get; private set; }
    public int Slot { get; private set; }
    public DateTimeOffset MinuteFrom { get; private set; }
    public int Count { get; private set; }
}

internal sealed class AddressCountMapping : IEntityTypeConfiguration<AddressCount>
{
    public void Configure(EntityTypeBuilder<AddressCount> count)
    {
        count.ToTable("address_counts");
        count.HasKey(c => new { c.FormId, c.Slot });
        count.HasOne<Forms.WebForm>().WithMany().HasForeignKey(c => c.FormId).OnDelete(DeleteBehavior.Cascade);
    }
}
