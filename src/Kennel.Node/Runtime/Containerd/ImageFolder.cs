using System.Globalization;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>Loads the archives that lie in the instance's folder, each once: what was loaded is remembered by size and time.</summary>
internal sealed class ImageFolder(ContainerdOptions options, ContainerdImages images)
{
    private string Remembered => Path.Combine(options.Root, "loaded");

    /// <summary>An archive that can't be loaded is told, and is tried again at the next start.</summary>
    public async Task Load(CancellationToken cancel)
    {
        if (!Directory.Exists(options.ImageFolder))
        {
            return;
        }
        foreach (var archive in Directory.GetFiles(options.ImageFolder).Where(IsArchive).Order(StringComparer.Ordinal))
        {
            var file = new FileInfo(archive);
            var mark = string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");
            var note = Path.Combine(Remembered, file.Name);
            if (File.Exists(note) && await File.ReadAllTextAsync(note, cancel) == mark)
            {
                continue;
            }
            try
            {
                options.Log($"loaded {string.Join(", ", await images.ImportAsync(archive, cancel))} from {archive}");
                Directory.CreateDirectory(Remembered);
                await File.WriteAllTextAsync(note, mark, cancel);
            }
            catch (Exception broken) when (broken is RuntimeException or IOException)
            {
                options.Log($"{archive}: {broken.Message}");
            }
        }
    }

    private static bool IsArchive(string path) => path.EndsWith(".tar", StringComparison.Ordinal) || path.EndsWith(".tar.gz", StringComparison.Ordinal) || path.EndsWith(".tgz", StringComparison.Ordinal);
}
