using System.Text.RegularExpressions;
using Kennel.Node.Runtime;

namespace Kennel.Node.Images;

/// <summary>A full image name: <c>busybox</c> is <c>docker.io/library/busybox:latest</c>.</summary>
public static partial class ImageReference
{
    private const int MaximumNameLength = 255;

    /// <summary>The name that registries and containerd use.</summary>
    /// <exception cref="RuntimeException">InvalidImageName, in upstream's words.</exception>
    public static string Normalise(string reference) => TryNormalise(reference, out var full)
        ? full
        : throw new RuntimeException("InvalidImageName",
            $"Failed to apply default image tag \"{reference}\": couldn't parse image name \"{reference}\": {Why(reference)}");

    public static bool TryNormalise(string reference, out string full)
    {
        full = "";
        var match = Pattern().Match(reference);
        if (!match.Success)
        {
            return false;
        }
        var name = WithDomain(match.Groups["name"].Value);
        if (name.Length > MaximumNameLength)
        {
            return false;
        }
        var tag = match.Groups["tag"];
        var digest = match.Groups["digest"];
        full = name + (tag.Success ? ":" + tag.Value : digest.Success ? "" : ":latest") + (digest.Success ? "@" + digest.Value : "");
        return true;
    }

    /// <summary>True for <c>latest</c> and for no tag at all, whose default pull policy is Always.</summary>
    public static bool IsLatest(string reference) =>
        TryNormalise(reference, out var full) && full.EndsWith(":latest", StringComparison.Ordinal);

    private static string WithDomain(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        var isDomain = first.Contains('.') || first.Contains(':') || first == "localhost" || first != first.ToLowerInvariant();
        if (!isDomain)
        {
            return "docker.io/" + (slash < 0 ? "library/" + name : name);
        }
        return first is "docker.io" or "index.docker.io"
            ? "docker.io/" + (name.IndexOf('/', slash + 1) < 0 ? "library/" : "") + name[(slash + 1)..]
            : name;
    }

    private static string Why(string reference) =>
        reference.Length > 0 && Pattern().IsMatch(reference.ToLowerInvariant()) && reference != reference.ToLowerInvariant()
            ? "invalid reference format: repository name must be lowercase"
            : "invalid reference format";

    private const string Part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

    [GeneratedRegex(
        "^(?<name>(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?)/)?" + Part + "(?:/" + Part + ")*)" +
        "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
