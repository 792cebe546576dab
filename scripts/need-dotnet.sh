#!/bin/sh
# One line where the SDK is missing, nothing where it is there.
command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' && exit 0
echo "Kennel is built with the .NET 10 SDK, which isn't here: see https://dotnet.microsoft.com/download/dotnet/10.0 (Debian 12: the package dotnet-sdk-10.0 from Microsoft's feed)" >&2
exit 1
