using System.Globalization;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>
/// A hash of what of a container's spec can only be changed by a restart: its name and its image. It is kept with the container, so it
/// must stay the same over versions of this program (FNV-1a over <c>name NUL image</c>).
/// </summary>
public static class SpecHash
{
    public static string Of(Container container)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var c in container.Name) hash = (hash ^ c) * 0x100000001b3;
        hash *= 0x100000001b3;
        foreach (var c in container.Image ?? "") hash = (hash ^ c) * 0x100000001b3;
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
