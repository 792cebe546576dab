using System.Globalization;

namespace Kennel.Objects.Patches;

/// <summary>RFC 6901: <c>/spec/containers/0/image</c>; <c>~1</c> stands for a slash and <c>~0</c> for a tilde.</summary>
static class JsonPointer
{
    /// <summary>The steps of a pointer; null when it doesn't begin with a slash. The empty pointer has no steps.</summary>
    public static string[]? Steps(string pointer)
    {
        if (pointer.Length == 0) return [];
        if (pointer[0] != '/') return null;
        var steps = pointer[1..].Split('/');
        for (var i = 0; i < steps.Length; i++)
            if (steps[i].Contains('~')) steps[i] = steps[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return steps;
    }

    /// <summary>A position in a list: digits (upstream also takes leading zeros).</summary>
    public static bool Index(string step, out int index) => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
