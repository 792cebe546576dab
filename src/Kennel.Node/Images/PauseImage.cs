namespace Kennel.Node.Images;

/// <summary>The image of <see cref="PauseProgram"/>: containerd asks for an image for every pod's sandbox.</summary>
public static class PauseImage
{
    public const string Name = "kennel.local/pause:1";

    public static async Task Write(string archivePath, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("kennel-pause-");
        try
        {
            var program = Path.Combine(folder.FullName, "pause");
            await File.WriteAllBytesAsync(program, PauseProgram.For(ImageConfig.ThisArchitecture), cancel);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(program, (UnixFileMode)0b101_101_101);
            }
            await OciArchive.WriteFolder(archivePath, folder.FullName, new ImageConfig([Name], ImageConfig.ThisArchitecture, ["/pause"], [], ["PATH=/"]), cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
