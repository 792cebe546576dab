using System.Globalization;
using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Quantities;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>One item of a limit range against what somebody asks for and may use, in upstream's words.</summary>
static class Limit
{
    public static IEnumerable<string> Check(JsonObject limit, SortedDictionary<string, Quantity> requests, SortedDictionary<string, Quantity> limits)
    {
        var type = limit.Text("type");
        foreach (var (name, least) in PodAmounts.Read(limit.Object("min")))
            if (Min(type, name, least, Of(requests, name), Of(limits, name)) is { } wrong) yield return wrong;
        foreach (var (name, most) in PodAmounts.Read(limit.Object("max")))
            if (Max(type, name, most, Of(requests, name), Of(limits, name)) is { } wrong) yield return wrong;
        foreach (var (name, ratio) in PodAmounts.Read(limit.Object("maxLimitRequestRatio")))
            if (Ratio(type, name, ratio, Of(requests, name), Of(limits, name)) is { } wrong) yield return wrong;
    }

    /// <summary>For claims, whose limits nobody says.</summary>
    public static IEnumerable<string> CheckRequests(JsonObject limit, SortedDictionary<string, Quantity> requests)
    {
        var type = limit.Text("type");
        foreach (var (name, least) in PodAmounts.Read(limit.Object("min")))
            if (Min(type, name, least, Of(requests, name), null) is { } wrong) yield return wrong;
        foreach (var (name, most) in PodAmounts.Read(limit.Object("max")))
        {
            if (Of(requests, name) is not { } request) yield return $"maximum {name} usage per {type} is {most}.  No request is specified";
            else if (request > most) yield return $"maximum {name} usage per {type} is {most}, but request is {request}";
        }
    }

    static string? Min(string type, string name, Quantity least, Quantity? request, Quantity? limit) =>
        request is not { } asked ? $"minimum {name} usage per {type} is {least}.  No request is specified"
        : asked < least ? $"minimum {name} usage per {type} is {least}, but request is {asked}"
        : limit is { } top && top < least ? $"minimum {name} usage per {type} is {least}, but limit is {top}"
        : null;

    static string? Max(string type, string name, Quantity most, Quantity? request, Quantity? limit) =>
        limit is not { } top ? $"maximum {name} usage per {type} is {most}.  No limit is specified"
        : top > most ? $"maximum {name} usage per {type} is {most}, but limit is {top}"
        : request is { } asked && asked > most ? $"maximum {name} usage per {type} is {most}, but request is {asked}"
        : null;

    static string? Ratio(string type, string name, Quantity ratio, Quantity? request, Quantity? limit)
    {
        var said = $"{name} max limit to request ratio per {type} is {ratio}";
        if (request is not { IsZero: false } asked) return $"{said}, but no request is specified or request is 0";
        if (limit is not { IsZero: false } top) return $"{said}, but no limit is specified or limit is 0";
        var found = (double)top.MilliValue / asked.MilliValue;
        return found * 1000 > ratio.MilliValue ? string.Create(CultureInfo.InvariantCulture, $"{said}, but provided ratio is {found:F6}") : null;
    }

    static Quantity? Of(SortedDictionary<string, Quantity> amounts, string name) => amounts.TryGetValue(name, out var amount) ? amount : null;
}
