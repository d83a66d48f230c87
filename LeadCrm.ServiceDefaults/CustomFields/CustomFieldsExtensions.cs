using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Gives a service custom fields (LD4).</summary>
public static class CustomFieldsExtensions
{
    internal const string ColumnAnnotation = "LeadCrm:CustomValues";

    /// <summary>Adds what checks and shows the values of these kinds of records.</summary>
    public static IHostApplicationBuilder AddCustomFields<TOwner>(this IHostApplicationBuilder builder, params CustomRecord[] records) where TOwner : class, ICustomFieldOwner
    {
        var services = builder.Services;
        foreach (var record in records) services.AddSingleton(record);
        services.AddSingleton<CustomFieldCache>();
        services.AddSingleton<IStartCondition>(provider => provider.GetRequiredService<CustomFieldCache>());
        services.AddHostedService(provider => provider.GetRequiredService<CustomFieldCache>());
        services.AddHostedService<CustomFieldUpkeep>();
        services.AddScoped<ICustomFieldOwner, TOwner>().AddScoped<CustomValues>().AddScoped<CustomFieldUses>().AddScoped<CustomFieldWriter>();
        return builder;
    }

    /// <summary>The definitions in the model; call before <c>AddPlatform</c>.</summary>
    public static ModelBuilder AddCustomFields(this ModelBuilder model)
    {
        CustomField.Map(model);
        CustomSql.Map(model);
        return model;
    }

    /// <summary>The column of a record's values: jsonb, told key by key in the history, found by value through its index.</summary>
    public static void HasCustomValues<T>(this EntityTypeBuilder<T> entity, System.Linq.Expressions.Expression<Func<T, string?>> column) where T : class
    {
        entity.Property(column).HasColumnName("custom").HasColumnType("jsonb").HasAnnotation(ColumnAnnotation, true);
        entity.HasIndex([((System.Linq.Expressions.MemberExpression)column.Body).Member.Name]).HasMethod("gin").HasOperators("jsonb_path_ops").HasFilter("custom is not null");
    }

    /// <summary>Setup of the fields of a kind of record, in its group of endpoints: <c>{group}/custom-fields</c>.</summary>
    public static void MapCustomFields(this RouteGroupBuilder group, CustomRecord record)
    {
        var fields = group.MapGroup("custom-fields").WithMetadata(record);
        fields.MapGet("", ReadCustomFields.List).WithSummary($"Custom fields of {record.Plural}");
        fields.MapGet("{id:guid}", ReadCustomFields.Get).WithSummary("Read a custom field");
        fields.MapGet("{id:guid}/history", ReadCustomFields.Past).RequirePermission("setup.manage").WithSummary("Every change of a custom field's definition");
        fields.MapPost("", CreateCustomField.Handle).RequirePermission("setup.manage").WithSummary($"Add a custom field to {record.Plural}")
            .WithExample(new { key = "region", label = "Region", type = "pickList", options = new[] { new { value = "North" }, new { value = "South" } } });
        fields.MapPatch("{id:guid}", ChangeCustomField.Handle).RequirePermission("setup.manage").WithSummary("Change a custom field");
        fields.MapDelete("{id:guid}", DeleteCustomField.Handle).RequirePermission("setup.manage").WithSummary("Delete a custom field; its values are kept for 30 days");
        fields.MapPost("{id:guid}/undelete", DeleteCustomField.Undelete).RequirePermission("setup.manage").WithSummary("Bring a deleted custom field back with its values");
    }

    /// <summary>What other services ask of the definitions here.</summary>
    public static void MapCustomFieldsForServices(this IEndpointRouteBuilder app)
    {
        var fields = app.MapGroup("/internal/custom-fields").RequireInternal().WithTags("Internal");
        fields.MapGet("changes", CustomFieldFeed.Handle).WithSummary("Custom fields as their events tell of them, in the order of ids");
        fields.MapPut("uses/{use}", CustomFieldUses.Handle).WithSummary("Say which fields somebody relies on");
    }
}
