using System.Globalization;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class LimitRangeRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var limits = o.Obj("spec").List("limits");
        for (var i = 0; i < limits?.Count; i++)
        {
            var at = ((At)"spec")["limits"][i];
            var meant = limits[i].Text("type") ?? "";
            if (meant is not ("Pod" or "Container" or "PersistentVolumeClaim") && !meant.Contains('/')) errors.Invalid(at["type"], meant, "must be a standard limit type or fully qualified");
            if (!seen.Add(meant)) errors.Duplicate(at["type"], meant);
            CheckItem(limits[i] as JsonObject, meant, at, errors);
        }
    }

    static void CheckItem(JsonObject? item, string type, At at, Errors errors)
    {
        if (type == "Pod")
            foreach (var field in (ReadOnlySpan<string>)["default", "defaultRequest"])
                if (item.Obj(field) is { Count: > 0 }) errors.Forbidden(at[field], "may not be specified when `type` is 'Pod'");
        if (type == "PersistentVolumeClaim" && item.Obj("min").Text("storage") is null && item.Obj("max").Text("storage") is null)
            errors.Required(at, "either minimum or maximum storage value is required, but neither was provided");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in (ReadOnlySpan<string>)["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"])
            foreach (var (name, amount) in item.Obj(field) ?? [])
            {
                names.Add(name);
                if (!name.Contains('/') && !IsStandard(name)) errors.Invalid(at[field].Key(name), name, "must be a standard resource type or fully qualified");
                if (Amounts.Sign(amount.AsText()) < 0) errors.Invalid(at[field].Key(name), amount, "must be greater than or equal to 0");
            }
        foreach (var name in names) CheckOrder(item, name, at, errors);
    }

    static bool IsStandard(string name) => name is "cpu" or "memory" or "storage" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal);

    static void CheckOrder(JsonObject? item, string name, At at, Errors errors)
    {
        var (min, max, usual, asked) = (item.Obj("min").Text(name), item.Obj("max").Text(name), item.Obj("default").Text(name), item.Obj("defaultRequest").Text(name));
        Below(min, max, "min", $"min value {min} is greater than max value {max}");
        Below(min, asked, "defaultRequest", $"min value {min} is greater than default request value {asked}", asked);
        Below(asked, max, "defaultRequest", $"default request value {asked} is greater than max value {max}");
        Below(asked, usual, "defaultRequest", $"default request value {asked} is greater than default limit value {usual}");
        Below(min, usual, "default", $"min value {min} is greater than default value {usual}", min);
        Below(usual, max, "default", $"default value {usual} is greater than max value {max}");
        if (item.Obj("maxLimitRequestRatio").Text(name) is not { } ratio) return;
        if (Amounts.Compare(ratio, "1") < 0) errors.Invalid(at["maxLimitRequestRatio"].Key(name), ratio, $"ratio {ratio} is less than 1");
        if (min is null || max is null || Amounts.Sign(min) <= 0) return;
        var widest = (double)Amounts.Of(max).MilliValue / Amounts.Of(min).MilliValue;
        if (Amounts.Of(ratio).MilliValue > widest * 1000) errors.Invalid(at["maxLimitRequestRatio"].Key(name), ratio, string.Create(CultureInfo.InvariantCulture, $"ratio {ratio} is greater than max/min = {widest:F6}"));

        void Below(string? less, string? more, string field, string why, string? shown = null)
        {
            if (less is not null && more is not null && Amounts.Compare(less, more) > 0) errors.Invalid(at[field].Key(name), shown ?? less, why);
        }
    }
}
