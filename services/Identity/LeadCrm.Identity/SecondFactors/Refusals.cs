using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>What is answered to a wrong password or code of somebody who is signed in.</summary>
internal static class Refusals
{
    public static ProblemHttpResult WrongPassword() => Field("password", "This is not your password, or the account is locked for some minutes after several wrong ones.");

    public static ProblemHttpResult WrongCode() => Field("code", "This code is wrong or was used already, or the account is locked for some minutes after several wrong ones.");

    private static ProblemHttpResult Field(string name, string message) => Problems.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [message] });
}
