using System.Security.Cryptography;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Tokens;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>Checks codes and makes each work once: using one is a single statement on its row, so that of two requests with the same code one loses.</summary>
internal sealed class SecondFactorCheck(IdentityDb db, DataKey dataKey, TimeProvider clock)
{
    /// <summary>
    /// Holds the user's row until the transaction ends: codes of one user are looked at one after the other, so that however many guesses come at
    /// once each of them sees what those before it did.
    /// </summary>
    public Task Hold(Guid userId, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select 1 from users where id = {userId} for update", ct);

    /// <summary>True for a code of the user's app that was not used yet, or for a recovery code that was not; it is used from then on.</summary>
    public async Task<bool> Use(Guid userId, string? code, CancellationToken ct)
    {
        var text = string.Concat((code ?? "").Take(64).Where(char.IsAsciiLetterOrDigit));
        if (text.Length == Totp.Digits && text.All(char.IsAsciiDigit)) return await UseAppCode(userId, text, ct);
        if (RecoveryCodes.Hash(userId, text) is not { } hash) return false;
        var now = clock.GetUtcNow();
        return await db.RecoveryCodes.Where(c => c.UserId == userId && c.Hash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), ct) == 1;
    }

    /// <summary>The step of a code for a secret that is not confirmed yet.</summary>
    public long? FindStep(SecondFactor factor, string? code)
    {
        var secret = factor.Secret(dataKey);
        try
        {
            return Totp.FindStep(secret, (code ?? "").Replace(" ", "", StringComparison.Ordinal), clock.GetUtcNow());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Ten new codes instead of all before. The caller saves; the codes are shown once.</summary>
    public async Task<IReadOnlyList<string>> NewRecoveryCodes(Guid userId, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
        var codes = Enumerable.Range(0, RecoveryCodes.Count).Select(_ => RecoveryCodes.New()).ToArray();
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { Id = Guid.CreateVersion7(), UserId = userId, Hash = RecoveryCodes.Hash(userId, code)! }));
        return codes;
    }

    /// <summary>Removes the factor and its recovery codes.</summary>
    public async Task Remove(Guid userId, CancellationToken ct)
    {
        await db.SecondFactors.Where(f => f.UserId == userId).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
    }

    private async Task<bool> UseAppCode(Guid userId, string code, CancellationToken ct)
    {
        var factor = await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct);
        if (factor is null || FindStep(factor, code) is not { } step) return false;
        return await db.SecondFactors.Where(f => f.UserId == userId && f.ConfirmedAt != null && f.LastStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.LastStep, step), ct) == 1;
    }
}
