using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Security;

enum SecurityLevel { Privileged, Baseline, Restricted }

/// <summary>A level and the version of the standards that is said with it: <c>restricted:latest</c>.</summary>
readonly record struct Standard(SecurityLevel Level, string Version)
{
    public static readonly Standard Anything = new(SecurityLevel.Privileged, "latest");

    public override string ToString() => $"{Level.ToString().ToLowerInvariant()}:{Version}";
}

/// <summary>What the labels of a namespace say about the pods in it.</summary>
sealed partial record SecurityPolicy(Standard Enforce, Standard Warn)
{
    public const string Prefix = "pod-security.kubernetes.io/";

    public static readonly SecurityPolicy Open = new(Standard.Anything, Standard.Anything);

    /// <summary>What can't be read is enforced as restricted, and not warned of.</summary>
    public static SecurityPolicy Of(JsonObject? labels)
    {
        var enforce = Read(labels, "enforce", SecurityLevel.Restricted);
        var warn = Read(labels, "warn", SecurityLevel.Privileged);
        // Who only enforces is warned of workloads whose pods would be refused later.
        return new(enforce, labels?[Prefix + "warn"] is null && enforce.Level > warn.Level ? enforce : warn);
    }

    static Standard Read(JsonObject? labels, string mode, SecurityLevel otherwise)
    {
        var version = labels.Text($"{Prefix}{mode}-version");
        var level = labels?[Prefix + mode] is null ? SecurityLevel.Privileged : LevelOf(labels.Text(Prefix + mode)) ?? otherwise;
        return new(level, IsVersion(version) ? version : "latest");
    }

    public static IEnumerable<FieldError> Errors(JsonObject? labels)
    {
        foreach (var mode in (string[])["enforce", "audit", "warn"])
        {
            if (labels?[Prefix + mode] is { } level && LevelOf(labels.Text(Prefix + mode)) is null)
                yield return FieldError.Invalid($"metadata.labels[{Prefix}{mode}]", level.DeepClone(), "must be one of privileged, baseline, restricted");
            var name = $"{Prefix}{mode}-version";
            if (labels?[name] is { } version && !IsVersion(labels.Text(name)))
                yield return FieldError.Invalid($"metadata.labels[{name}]", version.DeepClone(), "must be \"latest\" or \"v1.x\"");
        }
    }

    static SecurityLevel? LevelOf(string text) => text switch
    {
        "privileged" => SecurityLevel.Privileged,
        "baseline" => SecurityLevel.Baseline,
        "restricted" => SecurityLevel.Restricted,
        _ => null,
    };

    static bool IsVersion(string text) => text == "latest" || OneDot().IsMatch(text);

    [GeneratedRegex("^v1\\.([0-9]|[1-9][0-9]*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex OneDot();
}
