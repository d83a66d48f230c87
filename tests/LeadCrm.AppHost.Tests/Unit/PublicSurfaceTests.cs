using System.Reflection;
using Aspire.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Unit;

/// <summary>
/// The embedded host's builder is a subset of Aspire's: what Program.cs may use here, it must be able to use there. Every public member is
/// written down, so that nobody adds one without looking it up in Aspire's API first (README.md of the application host says how).
/// </summary>
public sealed class PublicSurfaceTests
{
    private static readonly string File = Path.Combine(Checkout.Root, "tests", "LeadCrm.AppHost.Tests", "Unit", "public-surface.txt");

    [Fact]
    public void Nothing_is_added_to_the_builder_unnoticed()
    {
        var now = string.Join('\n', Signatures()) + "\n";
        if (Environment.GetEnvironmentVariable("LEADCRM_UPDATE_SNAPSHOTS") == "1")
        {
            System.IO.File.WriteAllText(File, now);
        }

        now.ShouldBe(System.IO.File.ReadAllText(File), "look the member up in Aspire's API, then run this test with LEADCRM_UPDATE_SNAPSHOTS=1");
    }

    [Fact]
    public void Everything_public_of_the_host_is_in_aspires_namespaces() =>
        typeof(DistributedApplication).Assembly.GetExportedTypes().Where(type => !IsAspires(type)).ShouldBeEmpty();

    private static bool IsAspires(Type type) => type.Namespace?.StartsWith("Aspire.Hosting", StringComparison.Ordinal) == true;

    private static IEnumerable<string> Signatures() =>
        from type in typeof(DistributedApplication).Assembly.GetExportedTypes()
        orderby type.FullName
        from line in new[] { Of(type) }.Concat(Members(type).Order(StringComparer.Ordinal))
        select line;

    private static string Of(Type type) =>
        $"{(type.IsInterface ? "interface" : "class")} {Name(type)}{Constraints(type.GetGenericArguments())}" +
        $"{(type.BaseType is { } parent && parent != typeof(object) ? $" : {Name(parent)}" : "")}" +
        string.Concat(type.GetInterfaces().Select(Name).Order(StringComparer.Ordinal).Select(i => $", {i}"));

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMembers(Own)
            .Where(member => member switch
            {
                ConstructorInfo constructor => IsVisible(constructor),
                MethodInfo method => IsVisible(method) && !method.IsSpecialName,
                PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
                FieldInfo field => field.IsPublic || field.IsFamily,
                _ => false,
            })
            .Select(member => "    " + member switch
            {
                ConstructorInfo constructor => $"new({Of(constructor.GetParameters())})",
                MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Of(method.GetParameters())}){Constraints(method.GetGenericArguments())}",
                PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {string.Join(' ', property.GetAccessors(nonPublic: true).Where(IsVisible).Select(a => a.ReturnType == typeof(void) ? "set;" : "get;"))} }}",
                _ => member.ToString()!,
            });
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Of(ParameterInfo[] parameters) =>
        string.Join(", ", parameters.Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")}"));

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Constraints(Type[] arguments) => string.Concat(
        from argument in arguments
        where argument.IsGenericParameter && argument.GetGenericParameterConstraints().Length > 0
        select $" where {argument.Name} : {string.Join(", ", argument.GetGenericParameterConstraints().Select(Name).Order(StringComparer.Ordinal))}");

    private static string Name(Type type) =>
        type.IsGenericParameter ? type.Name
        : type.IsGenericType ? $"{type.Namespace}.{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}" + $"<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Namespace == "System" ? type.Name
        : type.FullName!;
}
